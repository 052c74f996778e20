// `pnpm bench:readme`: puts what was measured last into the READMEs and the picture.
import { writeFileSync } from 'node:fs';
import { generatedFiles, pathOf } from './generated.ts';

for (const [file, content] of generatedFiles()) writeFileSync(pathOf(file), content);
