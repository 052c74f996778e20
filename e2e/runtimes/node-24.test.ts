import { describeRuntime } from './laboratory/describe-runtime.js';

describeRuntime({ name: 'Node 24', find: async () => [process.execPath] });
