import { RefusedError } from './domain/refused-error.ts';

/** What stood in the way of starting, with its cure where it is a known one; a stack where it is a bug. */
export function describeStartFailure(error: unknown): string {
  if (error instanceof RefusedError) return error.userMessage;
  if (!(error instanceof Error)) return String(error);
  return cureOf(error) ?? error.stack ?? error.message;
}

/** Slack's answers to a token that is not, or no longer, good. */
const BAD_TOKEN = ['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired'];
const UNREACHABLE = ['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ETIMEDOUT', 'EAI_AGAIN'];
const BAD_DATABASE_LOGIN = ['28P01', '28000', '3D000'];

function cureOf(
  error: Error & { code?: unknown; syscall?: unknown; port?: unknown; data?: { error?: unknown } },
): string | null {
  const code = String(error.code);
  const answer = String(error.data?.error);
  if (BAD_TOKEN.includes(answer)) {
    return `Slack does not take SLACK_BOT_TOKEN (${answer}). Copy the “Bot User OAuth Token” from your app's page “OAuth & Permissions” again.`;
  }
  if (code === 'EADDRINUSE')
    return `Port ${error.port} is taken by another program. Set PORT to a free one, or end that program.`;
  if (code.startsWith('slack_webapi'))
    return 'Slack does not answer. Check SLACK_API_URL and the network, then start again.';
  if (BAD_DATABASE_LOGIN.includes(code)) return `PostgreSQL refuses the login in DATABASE_URL: ${error.message}.`;
  if (UNREACHABLE.includes(code))
    return `Something it needs can't be reached (${error.message || code}). Check DATABASE_URL and the network, then start again.`;
  return null;
}
