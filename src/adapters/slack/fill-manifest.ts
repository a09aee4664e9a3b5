import { parseDocument, type YAMLMap } from 'yaml';

const PLACEHOLDER = 'https://towpath.example.com';

export interface ManifestWishes {
  /** Where Slack reaches this Towpath: `https://host`, without a path. Not needed in Socket Mode. */
  host?: string;
  /** Socket Mode: Slack needs no address. */
  socket?: boolean;
}

/**
 * The app's manifest with an address of one's own, comments kept. @throws Error, with a cure, for an address that Slack
 * would refuse
 */
export function fillManifest(template: string, { host, socket = false }: ManifestWishes): string {
  if (socket) return withSocketMode(template);
  if (host === undefined)
    throw new Error('Say where Slack reaches Towpath: npm run manifest -- https://towpath.example.com (or --socket).');
  const url = URL.canParse(host) ? new URL(host) : null;
  if (url === null || url.protocol !== 'https:' || url.pathname !== '/' || url.search !== '' || url.username !== '') {
    throw new Error(`Slack takes an https address without a path, such as ${PLACEHOLDER}, and not “${host}”.`);
  }
  return template.replaceAll(PLACEHOLDER, url.origin);
}

function withSocketMode(template: string): string {
  const document = parseDocument(template);
  document.setIn(['settings', 'socket_mode_enabled'], true);
  document.deleteIn(['settings', 'event_subscriptions', 'request_url']);
  document.deleteIn(['settings', 'interactivity', 'request_url']);
  const commands = document.getIn(['features', 'slash_commands']) as { items: YAMLMap[] };
  for (const command of commands.items) command.delete('url');
  return document.toString({ lineWidth: 0 });
}
