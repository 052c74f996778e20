import { defineSweep } from './lab/define-sweep.js';

defineSweep('websocket', 'old agent');
