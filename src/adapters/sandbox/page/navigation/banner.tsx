interface Props {
  connected: boolean;
  botReachable: boolean;
  botName: string;
  problem: string | null;
}

/** Says what does not work at the moment; nothing while everything does. */
export function Banner({ connected, botReachable, botName, problem }: Props) {
  const words = !connected
    ? (problem ?? 'The connection to the sandbox is lost. Trying again…')
    : botReachable
      ? null
      : `${botName} does not answer. Commands and buttons will work again once it is back.`;
  return (
    <div className="banner-place" role="status">
      {words !== null && <p className="banner">{words}</p>}
    </div>
  );
}
