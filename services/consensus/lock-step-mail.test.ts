import { addMail, hasMailOf, heardIn, type Mail } from './lock-step-mail.js';

const entries = [{ path: ['general-0'], vote: 'Attack' as const }];

function mailOf(...places: readonly number[]): Mail {
  return places.reduce<Mail>(
    (mail, place) => addMail(mail, { from: `general-${place}`, place, entries }),
    undefined,
  );
}

test.each([[[0, 1, 2]], [[2, 1, 0]], [[1, 2, 0]]])(
  'mail that came as %j reads in canonical order',
  (places) => {
    const mail = mailOf(...places);
    expect(mail?.count).toBe(3);
    expect([...heardIn(mail).keys()]).toEqual(['general-0', 'general-1', 'general-2']);
  },
);

test('mail tells whose it holds', () => {
  const mail = mailOf(5, 1, 3);
  expect([0, 1, 2, 3, 4, 5, 6].filter((place) => hasMailOf(mail, place))).toEqual([1, 3, 5]);
  expect(hasMailOf(undefined, 0)).toBe(false);
});

test('a longer list leaves the shorter one as it was', () => {
  const shorter = mailOf(1, 3);
  addMail(shorter, { from: 'general-2', place: 2, entries });
  expect([...heardIn(shorter).keys()]).toEqual(['general-1', 'general-3']);
});
