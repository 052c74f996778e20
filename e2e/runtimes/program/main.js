// For Node, Bun and Deno: prints the report, and leaves it to the runtime to exit.
import process from 'node:process';
import { runScenario } from './scenario.js';

const report = await runScenario(JSON.parse(process.argv[2]));
process.stdout.write(`${JSON.stringify(report)}\n`);
