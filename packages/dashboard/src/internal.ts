// For the other Raywire packages alone: nothing here is promised to stay as it is.

export { DASHBOARD_OPTIONS } from './dashboard-backend.js';
export { localFields } from './submission/local-fields.js';
