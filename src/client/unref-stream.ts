/** What Node's fetch tells of a request as it is sent, through `node:diagnostics_channel`. */
interface Sent {
  request?: { origin?: unknown; path?: unknown };
  socket?: { unref?: () => void; alpnProtocol?: unknown };
}

/**
 * Keeps a stream from keeping the process alive: a script that is done with its work ends, though the stream is open. Fetch
 * has no option for it, so the connection is told when the request goes out on it. Where a platform does not tell, the
 * stream holds the process until the client is closed. A connection shared by several requests (HTTP/2) is left alone.
 * Returns what ends the listening, to be called once the answer has begun.
 */
export async function unrefStream(address: string): Promise<() => void> {
  const channels = await import('node:diagnostics_channel').catch(() => null);
  if (channels === null) return () => undefined;
  const { origin, pathname, search } = new URL(address);
  const listener = (message: unknown) => {
    const { request, socket } = message as Sent;
    if (request?.origin === origin && request.path === pathname + search && socket?.alpnProtocol !== 'h2')
      socket?.unref?.();
  };
  channels.subscribe('undici:client:sendHeaders', listener);
  return () => {
    channels.unsubscribe('undici:client:sendHeaders', listener);
  };
}
