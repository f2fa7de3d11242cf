/**
 * The page as a whole.
 */
import { Banner } from './banner.js';
import { Header } from './header.js';
import { MessageTable } from './message-table.js';
import { RoundList } from './round-list.js';
import { SetupPanel } from './setup-panel.js';
import { StagePanel } from './stage-panel.js';
import { VerdictPanel } from './verdict-panel.js';

export function Page() {
  return (
    <>
      <a class="skip" href="#stage">
        Skip to the round
      </a>
      <Header />
      <Banner />
      <div class="columns">
        <div class="left">
          <SetupPanel />
          <RoundList />
        </div>
        <main class="middle" id="stage" tabIndex={-1}>
          <StagePanel />
          <MessageTable />
        </main>
        <div class="right">
          <VerdictPanel />
        </div>
      </div>
    </>
  );
}
