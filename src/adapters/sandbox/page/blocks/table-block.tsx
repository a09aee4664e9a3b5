import type { DataTableBlock, TableBlock as Table } from '@slack/types';
import { PlainText } from '../text/mrkdwn-text.tsx';
import { RichText } from '../text/rich-text.tsx';
import { withKeys } from '../text/with-keys.ts';

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
  const lookOf = (column: number) => ({
    style: { textAlign: settings?.[column]?.align ?? 'start' } as const,
    className: settings?.[column]?.is_wrapped === true ? 'cell-wrapped' : undefined,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable without a mouse
    <section className="block-table" aria-label={caption ?? 'Table'} tabIndex={0}>
      <table>
        {caption !== undefined && <caption>{caption}</caption>}
        <thead>
          <tr>
            {withKeys(head).map(({ key, item }) => (
              <th key={key} scope="col" {...lookOf(Number(key))}>
                <Content cell={item} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {withKeys(body).map(({ key: line, item: row }) => (
            <tr key={line}>
              {withKeys(row).map(({ key, item }) => {
                const Tag = Number(key) === rowHeader ? 'th' : 'td';
                return (
                  <Tag key={key} {...lookOf(Number(key))}>
                    <Content cell={item} />
                  </Tag>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Content({ cell }: { cell: Cell }) {
  return cell.type === 'rich_text' ? <RichText block={cell} /> : <PlainText text={cell.text} />;
}
