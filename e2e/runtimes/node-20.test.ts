import { describeRuntime } from './laboratory/describe-runtime.js';
import { findNode20 } from './laboratory/tools.js';

describeRuntime({ name: 'Node 20', find: async () => [await findNode20()] });
