import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type DiffLink, readDiffLink } from '../../../domain/diff-link.ts';
import { RefusedError } from '../../../domain/refused-error.ts';
import type { Pictures } from '../../../use-cases/ports/pictures.ts';
import type { UseCases } from '../../../use-cases/use-cases.ts';
import type { Html } from './html.ts';
import { PAGE_STYLE, STYLE_PATH } from './page-style.ts';
import { diffPage, sentencePage } from './render-page.ts';

export interface DiffPageOptions {
  useCases: Pick<UseCases, 'showWideDiff'>;
  pictures: Pick<Pictures, 'draw'>;
  workspaceId: string;
  /** What links are signed with. */
  linkKey: Uint8Array;
}

/** No script at all, no picture or font from anywhere, framed by nobody, kept by nobody, found by no search engine. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-robots-tag': 'noindex, nofollow',
  'cross-origin-opener-policy': 'same-origin',
};

/**
 * `GET /diff/TOKEN`: one comparison for whoever holds a link to it that was signed and has not expired. There is no session and
 * nothing can be done here. Which of many reasons a link is not taken for is told to nobody but the holder of a genuine one.
 */
export async function diffPageRoutes(app: FastifyInstance, options: DiffPageOptions): Promise<void> {
  app.addHook('onRequest', async (_request, reply) => void reply.headers(HEADERS));
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply));
  const making = new Map<string, Promise<Html>>();
  // A wildcard, so that a token of any length gets a page that explains and not the API's answer.
  app.get('/diff/*', { schema: { hide: true } }, async (request, reply) => {
    const token = (request.params as Record<string, string>)['*'] ?? '';
    const link = readDiffLink(token, options.linkKey, new Date());
    if (link === 'expired') return send(reply, 410, EXPIRED);
    if (link === null || link.workspaceId !== options.workspaceId) return send(reply, 404, NOT_VALID);
    const known = making.get(token);
    if (known === undefined && making.size >= MOST_AT_ONCE) return send(reply.header('retry-after', '5'), 503, BUSY);
    const page = known ?? makePage(options, link).finally(() => making.delete(token));
    making.set(token, page);
    return send(reply, 200, await page);
  });
  app.get(STYLE_PATH, { schema: { hide: true } }, (_request, reply) =>
    reply
      .type('text/css; charset=utf-8')
      .header('cache-control', 'public, max-age=31536000, immutable')
      .send(PAGE_STYLE),
  );
}

/** Comparisons and pictures are work: whoever loads a page again and again gets the one that is being made. */
const MOST_AT_ONCE = 8;

async function makePage({ useCases, pictures }: DiffPageOptions, link: DiffLink): Promise<Html> {
  const view = await useCases.showWideDiff({ workspaceId: link.workspaceId, subject: link.subject });
  const { before, after, diff } = view.contents;
  return diffPage(view, await pictures.draw(before, after, diff), link.expiresAt);
}

const BUSY = sentencePage('Not just now', 'Too many comparisons are being made. Load this page again in a moment.');
const NOT_VALID = sentencePage(
  'This link does not work',
  'It is not complete, or was not made by this server. Open the page from its card in Slack again.',
);
const EXPIRED = sentencePage(
  'This link has expired',
  'Links to a comparison work for a while only. Open the page from Slack again: the button “Full diff” on its card still shows everything.',
);
const GONE = sentencePage(
  'Nothing to show',
  'What this link led to is no longer here. `/towpath status` in Slack lists what is open.',
);

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof RefusedError && error.code !== 'unavailable') return send(reply, 404, GONE);
  if (error instanceof RefusedError) {
    reply.header('retry-after', '5');
    return send(reply, 503, sentencePage('Not just now', error.userMessage));
  }
  request.log.error({ err: error, reference: request.id }, 'the page of a comparison failed');
  return send(
    reply,
    500,
    sentencePage('Something went wrong', `This page could not be made. The log has it under ${request.id}.`),
  );
}

function send(reply: FastifyReply, status: number, { text }: Html): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').send(text);
}
