/**
 * Who is a traitor and how, and in a council who proposes what.
 */
import type { GeneralId, StrategyName } from '../../../consensus/index.js';
import { generalIds } from '../../../consensus/index.js';
import { edit } from '../state/app.js';
import type { Setup } from '../state/setup.js';
import { strategyOptions } from './setup-panel.js';

export function RoleTable({ setup }: { readonly setup: Setup }) {
  const { traitors, isCouncil, dissenters, order } = setup;
  const other = order === 'Attack' ? 'Retreat' : 'Attack';
  return (
    <section class="scroll roles" tabIndex={0} aria-label="Roles of the generals">
      <table>
        <thead>
          <tr>
            <th scope="col">general</th>
            {traitors === undefined ? null : <th scope="col">role</th>}
            {isCouncil ? <th scope="col">proposes</th> : null}
          </tr>
        </thead>
        <tbody>
          {generalIds(setup.generalCount).map((general, i) => (
            <tr key={general}>
              <th scope="row">
                {general}
                {i === 0 && !isCouncil ? <span class="faint"> commander</span> : null}
              </th>
              {traitors === undefined ? null : (
                <td>
                  <select
                    aria-label={`Role of ${general}`}
                    value={traitors.get(general) ?? 'loyal'}
                    onChange={({ currentTarget }) =>
                      edit({ traitors: withRole(traitors, general, currentTarget.value) })
                    }
                  >
                    <option value="loyal">loyal</option>
                    <optgroup label="traitor">
                      {strategyOptions.map(({ value, label }) => (
                        <option key={value} value={value}>
                          {label}
                        </option>
                      ))}
                    </optgroup>
                  </select>
                </td>
              )}
              {isCouncil ? (
                <td>
                  <select
                    aria-label={`What ${general} proposes`}
                    value={dissenters.has(general) ? other : order}
                    onChange={({ currentTarget }) =>
                      edit({ dissenters: withMember(dissenters, general, currentTarget.value === other) })
                    }
                  >
                    <option value={order}>{order}</option>
                    <option value={other}>{other}</option>
                  </select>
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function withRole(
  traitors: ReadonlyMap<GeneralId, StrategyName>,
  general: GeneralId,
  role: string,
): ReadonlyMap<GeneralId, StrategyName> {
  const others = [...traitors].filter(([id]) => id !== general);
  return new Map(role === 'loyal' ? others : [...others, [general, role as StrategyName]]);
}

function withMember(set: ReadonlySet<GeneralId>, general: GeneralId, isIn: boolean): ReadonlySet<GeneralId> {
  const others = [...set].filter((id) => id !== general);
  return new Set(isIn ? [...others, general] : others);
}
