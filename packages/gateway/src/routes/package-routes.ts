import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { PackageStore } from '../contracts/package-store.js';
import { RequestRefused } from '../request-refused.js';
import { MAX_PACKAGE_BYTES, packageContent } from './package-content.js';
import type { Route } from './route-table.js';

/** Of both. */
export const PACKAGE_ROUTE = '/packages/:name/';

/** At a time. */
const MAX_UPLOADS = 16;
const PACKAGE_TYPE = 'application/octet-stream';
const PACKAGE_NAME = /^_ray_pkg_([\da-f]{32})\.(?:zip|tar\.gz|tar\.xz)$/;

/** Lets the bodies of these routes through as they come. A page of another origin cannot send the type without a preflight. */
export function acceptPackages(app: FastifyInstance): void {
  app.addContentTypeParser(PACKAGE_TYPE, async (_request: unknown, body: Readable) => body);
}

/** Archives for jobs to run in. */
export function packageRoutes(packages: PackageStore): Route[] {
  let uploads = 0;
  return [
    {
      method: 'GET',
      url: PACKAGE_ROUTE,
      handler: async (request) => {
        const { name } = packageOf(request);
        if (await packages.has(name)) return { name };
        throw new RequestRefused(404, `Package '${name}' does not exist`);
      },
    },
    {
      method: 'PUT',
      url: PACKAGE_ROUTE,
      bodyLimit: MAX_PACKAGE_BYTES,
      handler: async (request, reply) => {
        const { name, hash } = packageOf(request);
        if (!(request.body instanceof Readable))
          throw new RequestRefused(415, `The body must be a package: send content-type: ${PACKAGE_TYPE}`);
        if (uploads === MAX_UPLOADS) {
          const headers = { connection: 'close', 'retry-after': '1' };
          throw new RequestRefused(503, `The gateway takes ${MAX_UPLOADS} uploads at a time`, headers);
        }
        const content = packageContent(request.body, hash);
        uploads++;
        try {
          await packages.put(name, content);
        } catch (error) {
          throw content.refusal ?? error;
        } finally {
          uploads--;
        }
        return reply.code(201).send({ name });
      },
    },
  ];
}

function packageOf(request: FastifyRequest): { name: string; hash: string } {
  const { name } = request.params as { name: string };
  const [, hash] = PACKAGE_NAME.exec(name) ?? [];
  if (hash !== undefined) return { name, hash };
  throw new RequestRefused(
    400,
    'A package is named _ray_pkg_<32 hexadecimal digits of its SHA-256>, and .zip, .tar.gz or .tar.xz',
  );
}
