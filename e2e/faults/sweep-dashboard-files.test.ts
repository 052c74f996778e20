import { defineDashboardSweep } from './lab/define-sweep.js';

defineDashboardSweep('dashboard-files');
