import { describeRuntime } from './laboratory/describe-runtime.js';
import { findBun } from './laboratory/tools.js';

describeRuntime({ name: 'Bun', find: async () => [await findBun()] });
