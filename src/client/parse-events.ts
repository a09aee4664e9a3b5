/** One server-sent event. `id` is the newest id so far, of this event or an earlier one. */
export interface StreamEvent {
  readonly event: string;
  readonly data: string;
  readonly id: string;
}

/** No line of Towpath's comes near it; a stream that sends one without an end is not kept in memory. */
const MOST_CHARACTERS = 256 * 1024;

/** An id goes back in a header, which could not carry anything else. */
const CARRIED_BACK = /^[\x20-\x7e]{0,200}$/;

/**
 * Reads server-sent events as the HTML standard writes them. Comments, and events without data, give nothing.
 * `push` takes what came, cut wherever the network cut it.
 * @throws RangeError on an event of more than 256 KB
 */
export function makeEventParser(lastId = ''): { push(text: string): StreamEvent[]; lastId(): string } {
  let rest = '';
  let id = lastId;
  let nextId = lastId;
  let event = '';
  let data: string[] = [];
  let size = 0;

  const dispatch = (): StreamEvent[] => {
    // Only now: resuming from an event that broke off in the middle would leave it out.
    id = nextId;
    const events = data.length === 0 ? [] : [{ event: event === '' ? 'message' : event, data: data.join('\n'), id }];
    event = '';
    data = [];
    size = 0;
    return events;
  };

  const take = (line: string): StreamEvent[] => {
    if (line === '') return dispatch();
    const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'event') event = value;
    if (field === 'data') data.push(value);
    if (field === 'id' && CARRIED_BACK.test(value)) nextId = value;
    size += line.length;
    if (size > MOST_CHARACTERS) throw new RangeError('An event of the stream is too long.');
    return [];
  };

  return {
    lastId: () => id,
    push(text) {
      const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      if (rest.length > MOST_CHARACTERS) throw new RangeError('A line of the stream is too long.');
      return lines.flatMap(take);
    },
  };
}
