import { useActorRef } from '@xstate/react'
import { type Screen, type SecurityCard, screenOf } from 'postlogin'
import { type ReactNode, useEffect, useMemo } from 'react'
import type { Host } from '../shared/host.ts'
import { showCards, showProgress } from '../shared/page.ts'
import * as words from '../shared/words.ts'
import { ActsOn, useSnapshotOf } from './flow.ts'
import { Body, Footer } from './page.tsx'
import { ActionButton } from './parts.tsx'

/** Cards that are opened and closed. */
export function SecurityPage({ machines, snapshot, keep }: Host<'securityCenter'>) {
  const center = useActorRef(machines.securityCenter, snapshot === undefined ? {} : { snapshot })
  const now = useSnapshotOf(center)
  const screen = useMemo(() => screenOf(now), [now])
  useEffect(() => keep(center), [keep, center])
  return (
    <ActsOn value={center}>
      <header className="bar">
        <p className="brand">SlaunchX</p>
      </header>
      {screen.name === 'securityCenter' ? (
        <Cards cards={Object.values(screen.cards)} show={() => showCards(screen)} />
      ) : (
        <Whole
          screen={
            screen.name === 'finished'
              ? { name: 'signedOut', output: { ...screen.output, acceptedInvitations: [] } }
              : screen
          }
        />
      )}
    </ActsOn>
  )
}

interface FrameProps {
  readonly title: string
  readonly lead: string
  readonly isBusy?: boolean
  readonly children: ReactNode
}

const Frame = ({ title, lead, isBusy = false, children }: FrameProps) => (
  <main key={title} className="cards" aria-busy={isBusy}>
    <h1 tabIndex={-1}>{title}</h1>
    <p className="lead">{lead}</p>
    {children}
  </main>
)

function Cards({ cards, show }: { cards: readonly SecurityCard[]; show: () => void }) {
  useEffect(show)
  return (
    <Frame {...words.security} isBusy={cards.some(isBusy)}>
      {cards.map((card) => (
        <Card key={card.name} {...card} />
      ))}
    </Frame>
  )
}

const isBusy = ({ screen }: Pick<SecurityCard, 'screen'>) =>
  screen !== null && (screen.name === 'loading' || ('status' in screen && screen.status === 'busy'))

function Card({ name, screen, open, close }: SecurityCard) {
  const title = words.stepTitles[name]
  const action = open ?? close
  const { security } = words
  const [label, named] =
    open === null ? [security.close, security.closeCard(title)] : [security.open, security.openCard(title)]
  return (
    <section className="card folded" aria-labelledby={`card-${name}`} aria-busy={isBusy({ screen })}>
      <div className="head">
        <h2 id={`card-${name}`}>{title}</h2>
        {action && <ActionButton label={label} name={named} action={action} isExpanded={open === null} />}
      </div>
      {screen && <Body screen={screen} />}
      {screen && 'finish' in screen && <Footer screen={screen} />}
    </section>
  )
}

function Whole({ screen }: { screen: Screen }) {
  useEffect(() => showProgress(screen), [screen])
  return (
    <Frame title={words.titles[screen.name]} lead={words.leads[screen.name]}>
      <section className="card">
        <Body screen={screen} />
      </section>
    </Frame>
  )
}
