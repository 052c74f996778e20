import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { expectations, type RuntimeTraits } from './expectations.js';
import { Laboratory } from './laboratory.js';
import { type ProgramRun, runProgram } from './run-program.js';

/** What a step of the scenario came to. */
export type StepOutcome = { value: unknown; milliseconds?: number } | { failed: string };
export type Report = Record<string, StepOutcome>;

/** A runtime that runs programs from a command line. */
export interface CommandRuntime {
  name: string;
  /** Finds or installs it, and gives the command, with the arguments that come before the program's name. */
  find(): Promise<readonly [command: string, ...args: string[]]>;
}

/** Longer than any of them takes to exit on a busy machine, and shorter than any time-out that a leak would wait for. */
const EXIT_MS = 2_500;

/** Registers the suite of a runtime: the scenario is run once, and each of its steps is a test. */
export function describeRuntime(runtime: CommandRuntime): void {
  describe(runtime.name, () => {
    let laboratory: Laboratory;
    let command: readonly [string, ...string[]];
    let whole: ProgramRun;

    const run = (program: string): Promise<ProgramRun> => {
      const [file, ...args] = command;
      return runProgram(file, [...args, program, JSON.stringify(laboratory.config)], inject('packedProject'));
    };

    beforeAll(async () => {
      command = await runtime.find();
      laboratory = await Laboratory.open();
      whole = await run('main.js');
    });

    afterAll(() => laboratory?.close());

    describeReport(() => (whole.stdout === '' ? {} : (JSON.parse(whole.stdout) as Report)), {
      webSocketPauses: true,
    });

    test('exits by itself soon after its last word, without a warning', () => {
      expect(whole.stderr).toBe('');
      expect(whole.code).toBe(0);
      expect(whole.lingeredMs).toBeLessThan(EXIT_MS);
    });

    test('exits by itself when loops were left and the client was never closed', async () => {
      const { stdout, stderr, code, lingeredMs } = await run('leave-open.js');
      expect(stderr).toBe('');
      expect(stdout).toBe('one by websocket\none by http\n');
      expect(code).toBe(0);
      expect(lingeredMs).toBeLessThan(EXIT_MS);
    });
  });
}

/** Registers a test for each step of the scenario. */
export function describeReport(report: () => Report, traits: RuntimeTraits): void {
  for (const [step, expected] of Object.entries(expectations(traits))) {
    test(step, () => {
      const outcome = report()[step];
      if (outcome === undefined) throw new Error('The scenario did not come to this step.');
      if ('failed' in outcome) throw new Error(`The step failed: ${outcome.failed}`);
      expect(outcome.value).toEqual(expected);
    });
  }

  test('the report has a test for each of its steps', () => {
    expect(Object.keys(report())).toEqual(Object.keys(expectations(traits)));
  });
}
