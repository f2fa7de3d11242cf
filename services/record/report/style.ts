/** The looks of a report: light and dark, from a phone to paper. Colours stand in diagram/style.ts. */
export const reportStyle = `
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
p { max-width: 46rem; }
code { font: .9em ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.outcome { display: inline-block; padding: .1rem .6rem; border: 2px solid currentColor; border-radius: .3rem; font-weight: 700; }
.holds { color: var(--good); } .violated { color: var(--lie); } .not_promised, .unknown { color: var(--retreat); }
.Attack { color: var(--attack); } .Retreat { color: var(--retreat); } .false { color: var(--lie); font-weight: 600; }
.faint, .why { color: var(--faint); }
.scroll { overflow-x: auto; border: 1px solid var(--rule); border-radius: .4rem; }
.scroll:focus-visible, summary:focus-visible { outline: 3px solid var(--attack); outline-offset: 2px; }
.tall { max-height: 32rem; overflow-y: auto; }
svg { display: block; max-width: none; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; padding: .4rem .6rem; color: var(--faint); }
th, td { text-align: left; padding: .3rem .6rem; border-top: 1px solid var(--rule); vertical-align: top; }
thead th { border-top: 0; background: var(--band); }
.tall thead th { position: sticky; top: 0; }
th { font-weight: 600; } td.number { text-align: right; font-variant-numeric: tabular-nums; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: .5rem 0; } dd { margin: 0; }
details { border-top: 1px solid var(--rule); padding: .4rem 0; } summary { cursor: pointer; }
.tree, .tree ul { padding-left: 1.3rem; margin: .2rem 0; }
@media (max-width: 40rem) { body { padding: .75rem; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .4rem; } }
@media print { .tall { max-height: none; } .scroll { border: 0; overflow: visible; } svg { max-width: 100%; height: auto; } }
`;
