import { afterAll, beforeAll, describe, inject } from 'vitest';
import { bundleForBrowsers } from './laboratory/bundle.js';
import { ChromiumPage } from './laboratory/chromium.js';
import { describeReport, type Report } from './laboratory/describe-runtime.js';
import { Laboratory } from './laboratory/laboratory.js';
import { findChromium } from './laboratory/tools.js';

describe('Chromium', () => {
  let laboratory: Laboratory;
  let page: ChromiumPage;
  let report: Report = {};

  beforeAll(async () => {
    const chromium = await findChromium();
    laboratory = await Laboratory.open();
    const program = `import './main.browser.js';`;
    laboratory.pageProgram = (await bundleForBrowsers(inject('packedProject'), program, false)).text;
    page = await ChromiumPage.open(chromium, `${laboratory.config.controlURL}/`);
    report = (await Promise.race([laboratory.report, page.crashed])) as Report;
  }, 300_000);

  afterAll(async () => {
    await page?.close();
    await laboratory?.close();
  });

  describeReport(() => report, { webSocketPauses: false });
});
