/**
 * The page as a whole.
 */
import { subject } from '../state/app.js';
import { Banner } from './banner.js';
import { EvidencePanel } from './evidence-panel.js';
import { ForkPanel } from './fork-panel.js';
import { Header } from './header.js';
import { Help } from './help.js';
import { LessonList } from './lesson-list.js';
import { MessageTable } from './message-table.js';
import { MetricsPanel } from './metrics-panel.js';
import { NodesPanel } from './nodes-panel.js';
import { RoundList } from './round-list.js';
import { SetupPanel } from './setup-panel.js';
import { StagePanel } from './stage-panel.js';
import { VerdictPanel } from './verdict-panel.js';
import { WhyPanel } from './why-panel.js';

export function Page() {
  const isIdle = subject.value.kind === 'nothing';
  return (
    <>
      <a class="skip" href="#stage">
        Skip to the round
      </a>
      <Header />
      <Banner />
      <ForkPanel />
      <div class={isIdle ? 'columns idle' : 'columns'}>
        <div class="left">
          <SetupPanel />
          {isIdle ? null : <LessonList />}
          <RoundList />
        </div>
        <main class="middle" id="stage" tabIndex={-1}>
          <StagePanel />
          {isIdle ? <LessonList /> : null}
          <MessageTable />
          <MetricsPanel />
        </main>
        <div class="right">
          <VerdictPanel />
          <WhyPanel />
          <EvidencePanel />
          <NodesPanel />
        </div>
      </div>
      <Help />
    </>
  );
}
