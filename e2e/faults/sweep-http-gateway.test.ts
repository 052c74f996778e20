import { defineSweep } from './lab/define-sweep.js';

defineSweep('http', 'gateway');
