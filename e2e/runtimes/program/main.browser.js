// For browsers: hands the report to the server of the page.
import { runScenario } from './scenario.js';

async function main() {
  const config = await (await fetch('/config')).json();
  return runScenario(config);
}

main().then(
  (report) => fetch('/report', { method: 'POST', body: JSON.stringify(report) }),
  (error) => fetch('/failure', { method: 'POST', body: String(error?.stack ?? error) }),
);
