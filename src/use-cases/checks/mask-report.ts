import type { CheckCase } from '../../domain/check-report.ts';
import type { CheckFigures } from '../../domain/suite/check-figures.ts';
import type { Documents } from '../ports.ts';

export interface MaskedReport {
  readonly figures: readonly CheckFigures[];
  readonly cases: readonly CheckCase[];
}

const LONGEST_NAME = 200;
const LONGEST_DETAIL = 500;
const UNMASKED = 'It holds more secrets than are masked.';

/** A report as it may be kept: each text one line, without its secrets. All are masked together: a secret in one is known in the others. */
export async function maskReport(
  figures: readonly CheckFigures[],
  cases: readonly CheckCase[],
  documents: Pick<Documents, 'mask'>,
): Promise<MaskedReport> {
  const texts: string[] = [];
  const add = (text: string, longest: number) => texts.push(oneLine(text, longest)) - 1;
  const figurePlaces = figures.map(({ name, detail, url }) => ({
    name: add(name, LONGEST_NAME),
    detail: detail === undefined ? null : add(detail, LONGEST_DETAIL),
    url: url === undefined ? null : add(url, 2_000),
  }));
  const casePlaces = cases.map(({ name, message }) => ({
    name: add(name, LONGEST_NAME),
    message: message === undefined ? null : add(message, LONGEST_DETAIL),
  }));
  const masked = await documents.mask(texts.map((text) => JSON.stringify(text)));
  const said = (place: number) => {
    const text = masked[place];
    return text == null ? UNMASKED : String(JSON.parse(text));
  };
  return {
    figures: figures.map(({ detail: _detail, url: _url, ...rest }, i) => {
      const { name, detail, url } = figurePlaces[i] ?? { name: -1, detail: null, url: null };
      return {
        ...{ ...rest, name: said(name) },
        ...(detail !== null && { detail: said(detail) }),
        // An address without its secret leads nowhere.
        ...(url !== null && said(url) === texts[url] && { url: said(url) }),
      };
    }),
    cases: cases.map(({ state }, i) => {
      const { name, message } = casePlaces[i] ?? { name: -1, message: null };
      return { name: said(name), state, ...(message !== null && { message: said(message) }) };
    }),
  };
}

function oneLine(text: string, longest: number): string {
  const line = text
    .slice(0, 4 * longest)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return (line.length <= longest ? line : `${line.slice(0, longest - 1)}…`).toWellFormed();
}
