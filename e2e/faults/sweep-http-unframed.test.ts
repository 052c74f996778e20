import { defineSweep } from './lab/define-sweep.js';

defineSweep('http', 'old agent', 'unframed');
