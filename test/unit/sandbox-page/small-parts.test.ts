import { describe, expect, it } from 'vitest';
import { sentHistory } from '../../../src/adapters/sandbox/page/composer/sent-history.ts';
import { fileProblem, sizeWords } from '../../../src/adapters/sandbox/page/elements/file-rules.ts';
import { initialsOf, inkOn } from '../../../src/adapters/sandbox/page/people/initials.ts';
import { matchingOptions, movedTo } from '../../../src/adapters/sandbox/page/picker/picker-options.ts';
import { permalinkTarget, placeOf, searchOf } from '../../../src/adapters/sandbox/page/place.ts';

describe('a place', () => {
  it.each(['?as=U1&in=C1&thread=1700000000.000100', '?as=U1&in=home', '?as=U1&in=im', '?as=U1', '?'])(
    'survives its address: %s',
    (search) => {
      expect(searchOf(placeOf(new URL(search, 'http://x.example/')))).toBe(search);
    },
  );

  it('is read from the path of a permalink, with its thread', () => {
    expect(
      placeOf(new URL('http://x.example/archives/C1/p1700000000000100?thread_ts=1699999999.000100&as=U1')),
    ).toEqual({
      as: 'U1',
      at: { kind: 'channel', id: 'C1' },
      threadTs: '1699999999.000100',
    });
  });

  it('ignores a thread that is no timestamp', () => {
    expect(placeOf(new URL('http://x.example/?thread=%3Cscript%3E')).threadTs).toBeNull();
  });

  it('is where a permalink leads, under either name of this machine, and nowhere for other sites', () => {
    const link = 'http://127.0.0.1:3001/archives/C1/p1700000000000100';
    expect(permalinkTarget(link, 'http://localhost:3001/?as=U1')).toEqual({
      channel: 'C1',
      ts: '1700000000.000100',
      threadTs: null,
    });
    expect(permalinkTarget(link, 'http://localhost:3002/')).toBeNull();
    expect(permalinkTarget('https://x.example/archives/C1/p1700000000000100', link)).toBeNull();
  });
});

describe('an avatar', () => {
  it.each([
    ['Dana Weber', 'DW'],
    ['Prince', 'P'],
    ['🦊 Gus von Wolf', '🦊W'],
    ['', 'F'],
  ])('of %j shows %s', (realName, initials) => {
    expect(initialsOf({ realName, name: 'fallback' })).toBe(initials);
  });

  it('is written in the ink that is easier to read', () => {
    expect([inkOn('#ffffff'), inkOn('#2f6f4f'), inkOn('#4aa56b'), inkOn('teal')]).toEqual([
      '#1d1c1d',
      '#fff',
      '#1d1c1d',
      '#fff',
    ]);
  });
});

describe('the history of a message box', () => {
  const storage = () => {
    const kept = new Map<string, string>();
    return {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    };
  };

  it('walks back to the oldest and on again to what was being written', () => {
    const history = sentHistory(storage(), 'k');
    history.add('one');
    history.add('two');
    expect([
      history.back('draft'),
      history.back(''),
      history.back(''),
      history.on(),
      history.on(),
      history.on(),
    ]).toEqual(['two', 'one', null, 'two', 'draft', null]);
  });

  it('moves what is sent again to its end', () => {
    const history = sentHistory(storage(), 'k');
    for (const text of ['one', 'two', 'one']) history.add(text);
    expect([history.back(''), history.back(''), history.back('')]).toEqual(['one', 'two', null]);
  });

  it('outlives the page, holds at most fifty texts', () => {
    const kept = storage();
    const history = sentHistory(kept, 'k');
    for (let at = 0; at < 60; at += 1) history.add(`text ${at % 55}`);
    const reopened = sentHistory(kept, 'k');
    const walked: string[] = [];
    for (let text = reopened.back(''); text !== null; text = reopened.back('')) walked.push(text);
    expect(walked).toHaveLength(50);
    expect(new Set(walked).size).toBe(50);
    expect(walked[0]).toBe('text 4');
  });

  it('starts empty where the storage holds rubbish or refuses', () => {
    expect(sentHistory({ getItem: () => '{', setItem: () => undefined }, 'k').back('')).toBeNull();
    const refusing = sentHistory(
      {
        getItem: () => {
          throw new Error('forbidden');
        },
        setItem: () => {
          throw new Error('full');
        },
      },
      'k',
    );
    refusing.add('one');
    expect(refusing.back('')).toBe('one');
  });
});

describe('a picker', () => {
  const options = [
    { id: 'a', label: 'On call' },
    { id: 'b', label: 'Calls', description: 'support' },
    { id: 'c', label: 'Legal' },
  ];
  it('finds every typed word in label and description, beginnings first', () => {
    expect(matchingOptions(options, 'call').map(({ id }) => id)).toEqual(['b', 'a']);
    expect(matchingOptions(options, 'sup cal').map(({ id }) => id)).toEqual(['b']);
    expect(matchingOptions(options, ' ')).toEqual(options);
  });

  it('goes round with the arrows', () => {
    expect([
      movedTo('ArrowDown', 2, 3),
      movedTo('ArrowUp', 0, 3),
      movedTo('End', 0, 3),
      movedTo('x', 0, 3),
      movedTo('ArrowDown', 0, 0),
    ]).toEqual([0, 2, 2, null, null]);
  });
});

describe('a file', () => {
  it('is refused by its ending or when there are enough', () => {
    const element = { type: 'file_input' as const, filetypes: ['yaml', 'json'], max_files: 2 };
    expect(fileProblem(element, 0, 'Flow.YAML')).toBeNull();
    expect(fileProblem(element, 0, 'flow')).toContain('.yaml, .json');
    expect(fileProblem(element, 2, 'flow.yaml')).toContain('2 files');
  });

  it('has a size that people can read', () => {
    expect([sizeWords(12), sizeWords(12_345), sizeWords(3_500_000)]).toEqual(['12 B', '12 KB', '3.3 MB']);
  });
});
