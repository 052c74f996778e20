import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startHttpServer } from '@raywire/testing';
import { ChromiumPage } from '../../runtimes/laboratory/chromium.ts';
import { findChromium } from '../../runtimes/laboratory/tools.ts';

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };

/** Serves what a build for browsers has made, and takes what its pages have found out. */
export class PageServer {
  /** What the pages are told. */
  config: object = {};
  readonly url: string;
  readonly close: () => Promise<void>;
  #report: PromiseWithResolvers<unknown> = Promise.withResolvers();

  private constructor(url: string, close: () => Promise<void>) {
    this.url = url;
    this.close = close;
  }

  /** @param folder of the built files */
  static async open(folder: string): Promise<PageServer> {
    const { url, close } = await startHttpServer((request, response) => {
      server.#answer(folder, request, response).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
    });
    const server = new PageServer(url, close);
    return server;
  }

  /** What a page reports, shown by Chromium. */
  async show(path: string): Promise<unknown> {
    this.#report = Promise.withResolvers();
    const page = await ChromiumPage.open(await findChromium(), `${this.url}/${path}`);
    try {
      return await Promise.race([this.#report.promise, page.crashed]);
    } finally {
      await page.close();
    }
  }

  async #answer(folder: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', this.url);
    switch (pathname) {
      case '/page': {
        const script = `<script type="module" src="/${searchParams.get('script')}"></script>`;
        response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><body>${script}</body>`);
        return;
      }
      case '/config':
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(this.config));
        return;
      case '/report':
        this.#report.resolve(JSON.parse(await text(request)));
        response.end();
        return;
      case '/failure':
        this.#report.reject(new Error(await text(request)));
        response.end();
        return;
      default: {
        const body = await readFile(join(folder, pathname)).catch(() => undefined);
        const type = TYPES[extname(pathname)] ?? 'text/plain';
        response.writeHead(body === undefined ? 404 : 200, { 'content-type': type }).end(body);
      }
    }
  }
}
