import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that wait for real time-outs, longest first. */
const WAITING = ['soak', 'reverse-proxy', 'slow-sender', 'time'];

/** Begins with the files that mostly wait, so that the others run meanwhile and nobody waits for them in the end. */
export class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = WAITING.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return index < 0 ? WAITING.length : index;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}
