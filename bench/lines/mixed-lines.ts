// Lines as people print them. The same ones in every run and on every machine: all chance comes from one seed.
import { RandomSource } from './random-source.ts';

/** How many of 100 lines are of which kind. */
export const MIX_PERCENT = {
  /** ASCII that JSON leaves as it is. */
  text: 40,
  /** A tab, as in Ray's own log format, or quotes. */
  tabOrQuote: 20,
  /** ANSI colours: `\u001b[36m(train pid=4121)\u001b[0m …`. */
  colour: 12,
  /** One JSON object. */
  json: 12,
  /** Chinese, Japanese, Korean and emoji. */
  wide: 8,
  /** A progress bar: five states with a `\r` between them, each as wide as the one before. */
  progress: 5,
  /** Between 1 and 4 KB, of tensors, JSON or text with tabs. */
  long: 3,
} as const;

/** A kind of line in the mix. */
export type MixedKind = keyof typeof MIX_PERCENT;

/** The bounds of a line, in bytes of UTF-8 without its newline. */
export const MIN_LINE_BYTES = 20;
export const MAX_LINE_BYTES = 4_096;
const MIN_LONG_BYTES = 1_024;
/** Short lines are this much longer than the shortest, on average. */
const MEAN_EXTRA_BYTES = 70;
/** After what a line begins with. */
const MIN_WORDS_BYTES = 8;
const PROGRESS_STATES = 5;

const WORDS =
  'loss step epoch batch worker node gradient checkpoint saved restored shard token learning rate throughput actor replica placement group scheduled finished evaluating validation accuracy 0.9312 3.000e-04 18211 rank=0 /data/train-00017.parquet 127.0.0.1:8265'.split(
    ' ',
  );
const WIDE_WORDS =
  '学習率を更新しました 체크포인트를저장했습니다 训练完成 正在加载数据集 損失が減少中 모델을평가합니다 🚀 ✅ 🔥 👩‍🔬 エポック 准确率 0.9312 step'.split(
    ' ',
  );
const COLOURS = [31, 32, 33, 34, 35, 36];

/** Lines with the proportions of `MIX_PERCENT`, shuffled. @param count a multiple of 100 */
export function mixedLines(count: number): string[] {
  const random = new RandomSource(0x5eed_2026);
  const lines: string[] = [];
  for (const [kind, percent] of Object.entries(MIX_PERCENT))
    for (let index = 0; index < (count * percent) / 100; index++)
      lines.push(MAKERS[kind as MixedKind](random, index));
  return random.shuffled(lines);
}

const MAKERS: Record<MixedKind, (random: RandomSource, index: number) => string> = {
  text: (random, index) => filled(index % 3 === 0 ? '' : `${stamp(index)} INFO trainer.py:88 -- `, random),
  tabOrQuote(random, index) {
    const start = [
      `${stamp(index)}\tINFO worker.py:1841 -- `,
      `loaded "train-${index}.parquet" as 'train': `,
      `${index}\t${random.below(1_000) / 1_000}\t`,
    ];
    return filled(start[index % start.length] as string, random);
  },
  colour(random, index) {
    const colour = random.of(COLOURS);
    const who = `\u001b[${colour}m(train pid=${4_000 + (index % 64)})\u001b[0m `;
    return filled(index % 4 === 0 ? `${who}\u001b[1;31mWARNING\u001b[0m ` : who, random);
  },
  json: (random, index) => jsonLine(random, index, shortLength(random)),
  wide: (random) => filled('', random, WIDE_WORDS),
  progress: progressLine,
  long(random, index) {
    const length = MIN_LONG_BYTES + random.below(MAX_LINE_BYTES - MIN_LONG_BYTES + 1);
    if (index % 3 === 0) return jsonLine(random, index, length);
    return index % 3 === 1
      ? tensorLine(random, length)
      : filledTo(`${stamp(index)}\tERROR `, length, random, WORDS);
  },
};

function stamp(index: number): string {
  const seconds = (index % 60).toString().padStart(2, '0');
  return `2026-02-17 09:41:${seconds},${(index % 1_000).toString().padStart(3, '0')}`;
}

function shortLength(random: RandomSource): number {
  const extra = Math.floor(-Math.log(1 - random.next()) * MEAN_EXTRA_BYTES);
  return Math.min(MIN_LINE_BYTES + extra, MIN_LONG_BYTES - 1);
}

function filled(start: string, random: RandomSource, words: readonly string[] = WORDS): string {
  const room = Buffer.byteLength(start) + MIN_WORDS_BYTES;
  return filledTo(start, Math.max(shortLength(random), room), random, words);
}

/** A start and words, together so many bytes. */
function filledTo(start: string, length: number, random: RandomSource, words: readonly string[]): string {
  let line = start;
  while (Buffer.byteLength(line) < length) line += `${random.of(words)} `;
  // As a stream, so that a character that the end would cut is left out.
  const whole = new TextDecoder().decode(Buffer.from(line).subarray(0, length), { stream: true });
  return whole + '.'.repeat(length - Buffer.byteLength(whole));
}

function jsonLine(random: RandomSource, step: number, length: number): string {
  const fields: Record<string, unknown> = { level: 'info', step, loss: random.below(1_000) / 1_000 };
  const line = (message: string): string => JSON.stringify({ ...fields, message });
  const room = Math.max(8, length - line('').length);
  return line(filledTo('', room, random, WORDS).trim());
}

function tensorLine(random: RandomSource, length: number): string {
  let line = 'tensor([';
  while (line.length < length - 12) line += `${(random.next() * 2 - 1).toFixed(4)}, `;
  return `${line}0.0000])`.slice(0, length);
}

/** As tqdm prints it, without the `\r` that comes before the first state. */
function progressLine(random: RandomSource, index: number): string {
  const total = 250;
  const states = Array.from({ length: PROGRESS_STATES }, (_, state) => {
    const done = Math.round((total * (state + 1)) / PROGRESS_STATES);
    const percent = Math.round((100 * done) / total);
    const bar = '█'.repeat(Math.floor(percent / 10)).padEnd(10);
    const rate = (10 + random.next() * 89).toFixed(1);
    return `Epoch ${index % 10}: ${percent.toString().padStart(3)}%|${bar}| ${done.toString().padStart(3)}/${total} [${rate}it/s]`;
  });
  return states.join('\r');
}
