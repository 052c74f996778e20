import { describeRuntime } from './laboratory/describe-runtime.js';
import { findDeno } from './laboratory/tools.js';

describeRuntime({
  name: 'Deno',
  // What a user has to allow, and no more.
  find: async () => [
    await findDeno(),
    'run',
    '--no-prompt',
    '--allow-net',
    '--allow-env=RAYWIRE_AGENT_TOKEN,WS_NO_BUFFER_UTIL,WS_NO_UTF_8_VALIDATE',
  ],
});
