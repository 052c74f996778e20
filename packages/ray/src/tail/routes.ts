import { InvalidArgumentError, type LogTransport, TransportUnavailableError } from '@raywire/core';
import { nearest } from '@raywire/core/internal';
import type { LogSource } from '../source/log-source.js';
import type { TailTarget } from './tail-target.js';

/** A source with a transport that speaks its wire; one that reads by REST needs none. */
export interface Route {
  readonly source: LogSource;
  readonly transport?: LogTransport;
}

/** The name by which users know a route. */
export function routeName(route: Route): string {
  return route.transport?.name ?? route.source.wire ?? route.source.name;
}

/** Which package brings a wire that is missing. */
const PACKAGES: Readonly<Record<string, string>> = {
  websocket: '@raywire/transport-ws',
  http: '@raywire/transport-http',
};

/** What wires are called elsewhere. */
const SHORT_NAMES: Readonly<Record<string, string>> = { ws: 'websocket', wss: 'websocket', sse: 'http' };

/** The ways to a log, in the order in which they are tried. */
export interface Routes {
  /** Those that follow the log. */
  live: Route[];
  /** Those that read what is there now, by REST and whatever the protocol: they prove the end of what was read. */
  finite: Route[];
  /** Those of them that the protocol allows: they read a log of which nothing could be had. */
  allowed: Route[];
  /** Those that can read to the present end. */
  present: Route[];
}

/**
 * Pairs the sources that a protocol allows with the transports that speak their wires.
 *
 * @throws {InvalidArgumentError} when no source knows the protocol
 * @throws {TransportUnavailableError} naming the package to install
 */
export function routesFor(
  target: Pick<TailTarget, 'sources' | 'transports' | 'strategy'>,
  protocol: string,
): Routes {
  const { sources, transports } = target;
  const known = new Set(sources.flatMap((source) => [wayOf(source), source.name]));
  // A wire means every transport that speaks it, also where one of them is called by the wire's name.
  const named = known.has(protocol) ? undefined : transports.find(({ name }) => name === protocol);
  const wires =
    protocol === 'auto'
      ? [...target.strategy.order, ...transports.map(wireOf), ...sources.filter(isAlone).map(wayOf)]
      : [named === undefined ? protocol : wireOf(named)];
  const usable = [...new Set(wires)].filter((wire) => known.has(wire));
  if (usable.length === 0) throw unknownProtocol(protocol, sources, transports);
  // A strategy may name single sources too; whatever comes up twice keeps its first place.
  const ordered = new Set(
    usable.flatMap((wire) => sources.filter((source) => wayOf(source) === wire || source.name === wire)),
  );
  const live = pair(
    [...ordered].filter((source) => !source.finite),
    transports,
    named,
  );
  if (live.length === 0) throw unavailable(usable, transports);
  const finite = sources.filter((source) => source.finite).map((source) => ({ source }));
  const allowed = finite.filter(({ source }) => usable.includes(wayOf(source)));
  return { live, finite, allowed, present: [...live, ...allowed] };
}

/** By what a source reads: its wire, or in its own way. */
function wayOf(source: LogSource): string {
  return source.wire ?? source.name;
}

/** It needs no transport. */
function isAlone(source: LogSource): boolean {
  return source.wire === undefined;
}

/** What a transport speaks. */
export function wireOf(transport: LogTransport): string {
  return transport.wire ?? transport.name;
}

function pair(
  sources: LogSource[],
  transports: readonly LogTransport[],
  only: LogTransport | undefined,
): Route[] {
  return sources.flatMap((source): Route[] => {
    if (isAlone(source)) return [{ source }];
    return transports
      .filter((transport) => (only === undefined ? wireOf(transport) === source.wire : transport === only))
      .map((transport) => ({ source, transport }));
  });
}

function unavailable(
  wires: readonly string[],
  transports: readonly LogTransport[],
): TransportUnavailableError {
  const wire = wires[0] as string;
  const remedy = PACKAGES[wire] === undefined ? 'Register one' : `Install ${PACKAGES[wire]} and register it`;
  const names = transports.map((transport) => transport.name).join(', ') || 'none';
  return new TransportUnavailableError({
    message: `No transport for ${JSON.stringify(wire)} is registered (registered: ${names}). ${remedy} in \`transports: [...]\`.`,
  });
}

function unknownProtocol(
  protocol: string,
  sources: readonly LogSource[],
  transports: readonly LogTransport[],
): InvalidArgumentError {
  const wires = new Set(sources.map(wayOf));
  const named = transports.find(({ name }) => name === protocol);
  if (named !== undefined) {
    return new InvalidArgumentError({
      message: `The transport ${JSON.stringify(protocol)} speaks ${JSON.stringify(wireOf(named))}, by which this server gives no log: its wire must be one of ${listed(wires)}.`,
    });
  }
  const fitting = transports.filter((transport) => wires.has(wireOf(transport)));
  const known = new Set(['auto', ...wires, ...fitting.map(({ name }) => name)]);
  const near = nearest(SHORT_NAMES[protocol] ?? protocol, [...known]);
  const hint = near === undefined ? '' : ` Did you mean ${JSON.stringify(near)}?`;
  return new InvalidArgumentError({
    message: `protocol ${JSON.stringify(protocol)} is unknown; pass one of ${listed(known)}.${hint}`,
  });
}

function listed(names: Iterable<string>): string {
  return [...names].map((name) => JSON.stringify(name)).join(', ');
}
