// The job that `npm start` runs: some 200 lines in about 5 seconds, with progress bars, Unicode and stderr.
import { setTimeout as sleep } from 'node:timers/promises';

const epochs = 5;
const steps = 36;

/** Redraws one line by carriage returns, as tqdm does, and ends it with a newline. */
async function progressBar(label, ticks, milliseconds) {
  for (let tick = 0; tick <= ticks; tick++) {
    const bar = '█'.repeat(tick).padEnd(ticks, '░');
    process.stdout.write(`\r${label} ${bar} ${Math.round((tick / ticks) * 100)} %`);
    await sleep(milliseconds / ticks);
  }
  process.stdout.write('\n');
}

console.log('훈련 시작 · début de l’entraînement · training starts 🚀');
await progressBar('loading the data set', 20, 700);
let loss = 2.4;
for (let epoch = 1; epoch <= epochs; epoch++) {
  console.log(`── epoch ${epoch}/${epochs} ──`);
  for (let step = 1; step <= steps; step++) {
    loss *= 0.985;
    console.log(
      `epoch ${epoch} step ${String(step).padStart(2)} loss ${loss.toFixed(4)} ${'▁▂▃▄▅▆▇█'[step % 8]}`,
    );
    if (step % 12 === 0) console.error(`⚠ epoch ${epoch} step ${step}: the gradient was clipped`);
    await sleep(18);
  }
  await progressBar('validating', 10, 150);
}
console.log(`done: loss ${loss.toFixed(4)} ✅`);
