import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { Duplex } from 'node:stream';
import fastifyWebsocket from '@fastify/websocket';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { malformedRequestAnswer, tunnelAnswer } from './bare-answer.js';
import { answerForError } from './error-answer.js';
import type { ResolvedGatewayOptions } from './gateway-options.js';
import { BearerToken } from './guards/bearer-token.js';
import { limitBodyTime } from './guards/body-time.js';
import { ConnectionLimit } from './guards/connection-limit.js';
import { handshakeGuard, isWebSocketUpgrade } from './guards/handshake-guard.js';
import { HostGuard, OriginGuard } from './guards/host-guard.js';
import { requestGuard } from './guards/request-guard.js';
import { Tickets } from './guards/tickets.js';
import { WrongTokens } from './guards/wrong-tokens.js';
import { LogFeeds } from './logs/log-feeds.js';
import { LogStreams } from './logs/log-streams.js';
import { placeOf } from './request-place.js';
import { MAX_BODY_BYTES, RequestRefused } from './request-refused.js';
import { jobRoutes } from './routes/job-routes.js';
import { parseJsonBody } from './routes/json-body.js';
import { listSender } from './routes/list-answer.js';
import { logRoutes } from './routes/log-routes.js';
import { acceptPackages, PACKAGE_ROUTE, packageRoutes } from './routes/package-routes.js';
import { registerRoutes } from './routes/route-table.js';
import { stateRoutes } from './routes/state-routes.js';

const MAX_HEADER_BYTES = 16 * 1024;
/** Clients send nothing on a WebSocket but pongs and a close. */
const MAX_MESSAGE_BYTES = 4 * 1024;
/** How long one whose request was none has to read that. */
const REFUSAL_GRACE_MS = 1_000;
/** Longer than any ID, so that a long one is answered 400 with the rule and not 404. */
const MAX_PARAMETER_LENGTH = 4_096;

// The same path from src/ and from dist/.
const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** The parts of a running gateway. */
export interface GatewayApp {
  readonly app: FastifyInstance;
  /** From now on requests are answered 503. */
  refuseRequests(): void;
  /** Lets readers whose job has ended take the rest for `graceMs`, then closes all connections and logs. */
  close(graceMs: number): Promise<void>;
}

/** Puts the server together: limits, guards, error answers and routes. It does not listen yet. */
export async function buildApp(options: ResolvedGatewayOptions, token: string): Promise<GatewayApp> {
  const { driver, onEvent, pingIntervalMs, stallTimeoutMs } = options;
  const sendError = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const answer = answerForError(error);
    if (answer.unexpected) onEvent({ type: 'error', error, ...placeOf(request) });
    return reply.code(answer.statusCode).headers(answer.headers).send({ detail: answer.detail });
  };
  const app = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    // Against slow senders: the headers within 10 s, an upload within 10 minutes, other bodies as `limitBodyTime` has it.
    requestTimeout: 600_000,
    http: {
      headersTimeout: 10_000,
      connectionsCheckingInterval: 5_000,
      maxHeaderSize: MAX_HEADER_BYTES,
      // The guard says what is missing; Node's own 400 says nothing.
      requireHostHeader: false,
      shouldUpgradeCallback: isWebSocketUpgrade,
    },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_PARAMETER_LENGTH },
    frameworkErrors: (error, request, reply) => {
      void sendError(error, request, reply as FastifyReply);
    },
    clientErrorHandler(error, socket) {
      if (!socket.writable || (error as NodeJS.ErrnoException).code === 'ECONNRESET') {
        socket.destroy();
        return;
      }
      endWith(socket, malformedRequestAnswer((error as NodeJS.ErrnoException).code, MAX_HEADER_BYTES));
    },
  });
  app.server.on('connect', (_request, socket) => endWith(socket, tunnelAnswer()));
  await app.register(fastifyWebsocket, {
    options: { maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false },
    // Readers end their sockets themselves; what is left goes with its connection.
    errorHandler: (_error, socket) => socket.terminate(),
  });

  const tooLate = (socket: Duplex): void =>
    endWith(socket, malformedRequestAnswer('ERR_HTTP_REQUEST_TIMEOUT', MAX_HEADER_BYTES));
  const limit = new ConnectionLimit(app.server as Server, options.maxConnections, tooLate);
  let refusing = false;
  app.addHook('onRequest', async () => {
    if (refusing) throw new RequestRefused(503, 'The gateway is closing', { connection: 'close' });
  });
  const tickets = new Tickets(token);
  app.addHook(
    'onRequest',
    requestGuard({
      hosts: new HostGuard(options.allowedHosts),
      origins: new OriginGuard(options.corsOrigins),
      token: new BearerToken(token),
      wrongTokens: new WrongTokens((address, count) => onEvent({ type: 'token-refused', address, count })),
      tickets,
    }),
  );
  app.addHook('onRequest', async (request) => {
    if (limit.admit(request.raw.socket)) return;
    const headers = { connection: 'close', 'retry-after': '5' };
    throw new RequestRefused(503, 'The gateway has no free connection', headers);
  });
  app.addHook('onRequest', async (request) => {
    // The handler of an upload bounds its body itself.
    if (request.method === 'PUT' && request.routeOptions.url === PACKAGE_ROUTE) return;
    limitBodyTime(request.raw, () => tooLate(request.raw.socket));
  });
  app.addHook('onRequest', handshakeGuard);
  acceptJsonAlone(app);
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply));
  app.setNotFoundHandler((request, reply) =>
    sendError(new RequestRefused(404, `No route ${placeOf(request).route}`), request, reply),
  );

  const feeds = new LogFeeds(driver, (error, jobId) => onEvent({ type: 'error', error, jobId }));
  const streams = new LogStreams({ pingIntervalMs, onEvent });
  const sendList = listSender({ stallTimeoutMs, onError: (error) => onEvent({ type: 'error', error }) });
  registerRoutes(app, [
    ...stateRoutes(driver, version, sendList),
    ...jobRoutes(driver, feeds, tickets, sendList),
    ...logRoutes({ driver, feeds, streams, stallTimeoutMs, onEvent }),
  ]);
  const { packages } = driver;
  if (packages !== undefined) {
    await app.register(async (uploads) => {
      acceptPackages(uploads);
      registerRoutes(uploads, packageRoutes(packages));
    });
  }
  await app.ready();
  return {
    app,
    refuseRequests: () => {
      refusing = true;
    },
    async close(graceMs) {
      await streams.close(graceMs);
      await app.close();
      await feeds.close();
    },
  };
}

/** A page of another origin can send plain text and forms without a preflight, but not JSON. */
function acceptJsonAlone(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    async (_request: unknown, body: string) => (body === '' ? undefined : parseJsonBody(body)),
  );
}

/** The last that a socket is told. */
function endWith(socket: Duplex, answer: string): void {
  // Node has taken its own listener off a socket of CONNECT; one that resets here has its answer.
  socket.on('error', () => socket.destroy());
  socket.end(answer);
  // Its peer may never end its side, and would keep one of the connections.
  const timer = setTimeout(() => socket.destroy(), REFUSAL_GRACE_MS);
  socket.once('close', () => clearTimeout(timer));
}
