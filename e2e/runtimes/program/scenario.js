// What a user of @raywire/agent does, in one program for every runtime: standard JavaScript, no module of any runtime.
// Each step gives a plain value (or what it threw) for the suite to judge.
import { Scenario } from './scenario-client.js';
import { steps } from './steps.js';

/**
 * @param config.baseURL a gateway, behind a proxy that cuts, mutes and counts
 * @param config.controlURL tells of the proxy and of the gateway, and releases jobs that wait
 * @param config.refusedURL nothing listens there
 * @param config.goDirectory where a released job finds its sign
 */
export async function runScenario(config) {
  const scenario = new Scenario(config);
  const report = {};
  for (const [name, step] of Object.entries(steps)) {
    const start = performance.now();
    report[name] = await outcomeOf(() => withinTime(step(scenario)));
    report[name].milliseconds = Math.round(performance.now() - start);
  }
  await scenario.client.close();
  report['nobody reads a log any more'] = await outcomeOf(() => scenario.control('unread'));
  return report;
}

/** A step that hangs is told by its name, and the others still have their turn. */
async function withinTime(step) {
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('hung')), 15_000);
  });
  try {
    return await Promise.race([step, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function outcomeOf(step) {
  try {
    return { value: await step() };
  } catch (error) {
    return { failed: `${error?.stack ?? error}` };
  }
}
