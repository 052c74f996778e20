import type { Results, Row } from './results.ts';

/** Readers that are compared with one floor. */
export interface Panel {
  title: string;
  results: Results;
  /** The name of its row. */
  floor: string;
}

const WIDTH = 940;
const MARGIN = 28;
const BARS_LEFT = 374;
/** Right of all bars stand two columns of figures. */
const BARS_RIGHT = WIDTH - MARGIN - 164;
const RATIOS_RIGHT = WIDTH - MARGIN - 94;
const ROW_HEIGHT = 27;
const BAR_HEIGHT = 15;
const TITLE_HEIGHT = 34;
const PANEL_GAP = 18;
const HEAD_HEIGHT = 84;
const FOOT_HEIGHT = 34;

const LEGEND: [NonNullable<Row['by']>, string][] = [
  ['raywire', 'Raywire'],
  ['floor', 'by hand'],
  ['peer', 'Python'],
];

/** It brings its own ground, so that it can be read on any page. */
const STYLE = `
    text { font: 13px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #1f2328; }
    .ground { fill: #ffffff; stroke: #d1d9e0; }
    .head { font-size: 18px; font-weight: 600; }
    .title { font-weight: 600; }
    .quiet { fill: #59636e; }
    .figure { text-anchor: end; font-variant-numeric: tabular-nums; }
    .raywire { fill: #0969da; }
    .floor { fill: #8c959f; }
    .peer { fill: #d4880f; }
    .line { stroke: #59636e; stroke-dasharray: 3 3; }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc; }
      .ground { fill: #0d1117; stroke: #3d444d; }
      .quiet { fill: #9198a1; }
      .raywire { fill: #4493f8; }
      .floor { fill: #656c76; }
      .peer { fill: #d29922; }
      .line { stroke: #9198a1; }
    }`;

/** Bars of the readers' speeds as an SVG, all on one scale: their ratio to the floor of their panel. */
export function pictureOf(panels: readonly Panel[]): string {
  const shown = panels.map((panel) => ({ ...panel, rows: rowsOf(panel) }));
  const longest = Math.max(...shown.flatMap(({ rows }) => rows.map(({ ratio }) => ratio)));
  const lengthOf = (ratio: number): number => ((BARS_RIGHT - BARS_LEFT) * ratio) / longest;
  const parts: string[] = [];
  let top = HEAD_HEIGHT;
  for (const { title, rows } of shown) {
    parts.push(text(MARGIN, top + 16, title, 'title'));
    top += TITLE_HEIGHT;
    const bottom = top + rows.length * ROW_HEIGHT;
    for (const [index, row] of rows.entries())
      parts.push(bar(row, top + index * ROW_HEIGHT, lengthOf(row.ratio)));
    const x = round(BARS_LEFT + lengthOf(1));
    parts.push(`<line class="line" x1="${x}" x2="${x}" y1="${top - 6}" y2="${bottom - 2}"/>`);
    top = bottom + PANEL_GAP;
  }
  const height = top + FOOT_HEIGHT - PANEL_GAP + 10;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Log lines a second, as a ratio to a floor">
  <style>${STYLE}
  </style>
  <rect class="ground" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>
  ${head()}
  ${parts.join('\n  ')}
  ${text(MARGIN, height - 16, footOf(panels), 'quiet')}
</svg>
`;
}

/** The floor first, and all that are compared with it, but those that are nobody's. */
function rowsOf({ results, floor }: Panel): (Row & { ratio: number })[] {
  return results.rows.flatMap((row) => {
    const ratio = row.name === floor ? 1 : row.floor === floor ? row.ratio : undefined;
    return row.by === undefined || ratio === undefined ? [] : [{ ...row, ratio }];
  });
}

function head(): string {
  const legend = LEGEND.map(([by, label], index) => {
    const x = WIDTH - MARGIN - (LEGEND.length - index) * 92 + 10;
    return `<rect class="${by}" x="${x}" y="27" width="12" height="12" rx="2"/>${text(x + 18, 38, label)}`;
  });
  const below =
    'As a ratio to the dashed line: longer is faster. Mixed lines; in each panel one log, one server, one run.';
  return [text(MARGIN, 38, 'Log lines a second', 'head'), text(MARGIN, 62, below, 'quiet'), ...legend].join(
    '\n  ',
  );
}

function bar(row: Row & { ratio: number }, top: number, length: number): string {
  const middle = top + BAR_HEIGHT / 2 + 4.5;
  return [
    text(MARGIN, middle, row.name),
    `<rect class="${row.by}" x="${BARS_LEFT}" y="${top}" width="${round(Math.max(length, 1))}" height="${BAR_HEIGHT}" rx="2"/>`,
    text(RATIOS_RIGHT, middle, `${row.ratio.toFixed(2)} ×`, 'figure'),
    text(WIDTH - MARGIN, middle, `${Math.round(row.value).toLocaleString('en')}/s`, 'figure quiet'),
  ].join('\n  ');
}

function footOf(panels: readonly Panel[]): string {
  const runs = panels.map(
    ({ results }) => `Node ${results.node}, ${results.machine.cores} cores, ${results.date}`,
  );
  return `${[...new Set(runs)].join('; ')}.`;
}

function text(x: number, y: number, content: string, style?: string): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}"${style === undefined ? '' : ` class="${style}"`}>${escaped}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
