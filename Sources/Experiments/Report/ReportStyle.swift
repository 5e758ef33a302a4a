/// How a report looks: a column of tables and figures, in light and dark.
enum ReportStyle {
  /// The style sheet. Plots are drawn for white paper; their greys are brought to the page's here.
  static let sheet = """
    :root { --ink: #202124; --soft: #5f6368; --line: #dfe3e8; --paper: #ffffff; --bad: #b3261e }
    @media (prefers-color-scheme: dark) {
      :root { --ink: #e8eaed; --soft: #9aa0a6; --line: #3c4043; --paper: #17181b; --bad: #f28b82 }
    }
    body { margin: 0; background: var(--paper); color: var(--ink);
      font: 15px/1.5 system-ui, "Helvetica Neue", Arial, sans-serif }
    main { max-width: 1180px; margin: 0 auto; padding: 24px 20px 64px }
    h1 { margin: 0; font-size: 28px; overflow-wrap: anywhere }
    h2 { margin: 40px 0 12px; font-size: 19px }
    p { margin: 6px 0; color: var(--soft); overflow-wrap: anywhere }
    .status { color: var(--ink); border: 1px solid var(--line); border-radius: 4px;
      padding: 1px 8px }
    .problem, .failed, .diverged, .killed { color: var(--bad) }
    .scroll { overflow-x: auto; margin-bottom: 20px }
    table { border-collapse: collapse; font-size: 14px }
    th { text-align: left; font-weight: 600; color: var(--soft) }
    th, td { padding: 4px 20px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top }
    td { overflow-wrap: anywhere }
    .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
    figure { margin: 0 }
    figcaption { color: var(--soft); font-size: 13px }
    .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr));
      gap: 12px }
    .plot { max-width: 720px }
    .plot svg { width: 100%; height: auto }
    .plot rect { fill: none }
    .plot text { fill: var(--ink) }
    .plot polyline[stroke="#e4e7eb"] { stroke: var(--line) }
    .plot polyline[stroke="#9aa0a6"] { stroke: var(--soft) }
    .pictures { display: flex; flex-wrap: wrap; gap: 20px }
    img { max-width: 100%; max-height: 560px; width: auto; height: auto; background: #ffffff }
    """
}
