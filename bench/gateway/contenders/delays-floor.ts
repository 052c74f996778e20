// What one writes by hand on the machine of the job: `fs.watch` on its log file, no gateway and no network.
// Arguments: <lines> <lines not counted> <log file>
import { openSync, readSync, watch } from 'node:fs';
import { DelayMeter } from './delays.ts';

const [lines, uncounted, file = ''] = process.argv.slice(2);
const meter = new DelayMeter(Number(lines), Number(uncounted));
const log = openSync(file, 'r');
const buffer = Buffer.alloc(64 * 1024);
let position = 0;
let rest = '';

function readOn(): void {
  for (let length = -1; length !== 0; ) {
    length = readSync(log, buffer, 0, buffer.length, position);
    position += length;
    const cut = (rest + buffer.toString('latin1', 0, length)).split('\n');
    rest = cut.pop() ?? '';
    for (const line of cut) meter.note(line);
  }
  if (!meter.isComplete) return;
  watcher.close();
  meter.print();
}

const watcher = watch(file, readOn);
readOn();
