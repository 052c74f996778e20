import { expect, it } from 'vitest';
import { EventCollector } from './event-collector.js';

const take = (...events: object[]) => {
  const collector = new EventCollector({ additions: true, countsMessages: true });
  for (const event of events) collector.add(JSON.stringify(event));
  return collector.take();
};
const partial = { type: 'partial', message: '50 %' };
const line = { type: 'log', message: '100 %\n' };

it('hands over an unfinished line that nothing follows', () => {
  expect(take(line, partial)).toMatchObject({ lines: ['100 %'], unfinished: '50 %' });
});

it('forgets an unfinished line that a whole one has finished', () => {
  expect(take(partial, line)).not.toHaveProperty('unfinished');
});
