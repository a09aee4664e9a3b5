import type { DataTableBlock, TableBlock as Table } from '@slack/types';
import { PlainText } from '../text/mrkdwn-text.tsx';
import { RichText } from '../text/rich-text.tsx';

type Cell = Table['rows'][number][number] | DataTableBlock['rows'][number][number];

interface Props {
  rows: readonly (readonly Cell[])[];
  settings?: Table['column_settings'];
  caption?: string;
  rowHeader?: number | undefined;
}

/** A table whose first row is its head, in a box of its own that scrolls sideways when it is wider than the page. */
export function TableBlock({ rows, settings, caption, rowHeader }: Props) {
  const [head = [], ...body] = rows;
  const styleOf = (column: number) => ({ textAlign: settings?.[column]?.align ?? 'start' }) as const;
  const classOf = (column: number) => (settings?.[column]?.is_wrapped === true ? 'cell-wrapped' : undefined);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable without a mouse
    <div className="block-table" role="region" aria-label={caption ?? 'Table'} tabIndex={0}>
      <table>
        {caption !== undefined && <caption>{caption}</caption>}
        <thead>
          <tr>{head.map((cell, at) => <th key={`${at}h`} scope="col" style={styleOf(at)} className={classOf(at)}><Content cell={cell} /></th>)}</tr>
        </thead>
        <tbody>
          {body.map((row, line) => (
            <tr key={`${line}r`}>
              {row.map((cell, at) => {
                const Tag = at === rowHeader ? 'th' : 'td';
                return <Tag key={`${at}c`} style={styleOf(at)} className={classOf(at)}><Content cell={cell} /></Tag>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Content({ cell }: { cell: Cell }) {
  return cell.type === 'rich_text' ? <RichText block={cell} /> : <PlainText text={cell.text} />;
}
