import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Tickets } from './tickets.js';

const A = { route: '/jobs/:id/logs/', id: 'a' };

describe('a ticket', () => {
  test('is taken by any gateway with the same token, and once by each process', () => {
    const [here, there] = [new Tickets('token'), new Tickets('token')];
    const { ticket, expires_in } = here.issue(A);
    expect(expires_in).toBe(30);
    expect(there.redeem(ticket, A, 'me')).toBe(true);
    expect(there.redeem(ticket, A, 'me')).toBe(false);
    expect(there.redeem(ticket, A, 'another')).toBe(false);
    expect(here.redeem(ticket, A, 'me')).toBe(true);
    expect(new Tickets('another token').redeem(here.issue(A).ticket, A, 'me')).toBe(false);
  });

  test.each([
    ['another job', { ...A, id: 'b' }],
    ['another route', { ...A, route: '/tasks/:id/logs/' }],
  ])('does not open %s, and is used up by that', (_name, purpose) => {
    const tickets = new Tickets('token');
    const { ticket } = tickets.issue(A);
    expect(tickets.redeem(ticket, purpose, 'me')).toBe(false);
    expect(tickets.redeem(ticket, A, 'me')).toBe(false);
  });

  test('ends after 30 s, and is not remembered for less than it could be used', () => {
    let now = 1_000_000;
    const tickets = new Tickets('token', () => now);
    const { ticket: late } = tickets.issue(A);
    now += 29_999;
    const { ticket } = tickets.issue(A);
    expect(tickets.redeem(ticket, A, 'me')).toBe(true);
    now += 1;
    expect(tickets.redeem(late, A, 'me')).toBe(false);
    for (let passed = 0; passed < 90_000; passed += 1_000) {
      now += 1_000;
      expect(tickets.redeem(ticket, A, 'me')).toBe(false);
    }
  });

  test('of a gateway whose clock is a little ahead is taken, and of one that is far ahead is not', () => {
    const now = 1_000_000;
    const tickets = new Tickets('token', () => now);
    const made = (ahead: number) => new Tickets('token', () => now + ahead).issue(A).ticket;
    expect(tickets.redeem(made(20_000), A, 'me')).toBe(true);
    expect(tickets.redeem(made(40_000), A, 'me')).toBe(false);
  });

  test('is the only text that opens a log, and no change of it does', () => {
    const tickets = new Tickets('token');
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(tickets.redeem(text, A, 'me')).toBe(false);
      }),
    );
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom('A', 'z', '0', '.', '-', ''), (place, letter) => {
        const { ticket } = tickets.issue(A);
        const index = place % ticket.indexOf('.');
        const changed = ticket.slice(0, index) + letter + ticket.slice(index + 1);
        expect(tickets.redeem(changed, A, 'me')).toBe(changed === ticket);
      }),
    );
  });

  test('too many used by one caller lock that one out for a minute, and nobody else', () => {
    let now = 1_000_000;
    const tickets = new Tickets('token', () => now);
    const use = (caller: string) => tickets.redeem(tickets.issue(A).ticket, A, caller);
    for (let count = 0; count < 10_000; count += 1) expect(use('greedy')).toBe(true);
    expect(() => use('greedy')).toThrow(/10000 tickets were used from this address/);
    expect(use('modest')).toBe(true);
    now += 60_000;
    expect(use('greedy')).toBe(true);
  });
});
