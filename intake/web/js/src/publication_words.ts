// What the page that checks publications says, in its two languages. Nobody who speaks Russian has
// checked the Russian yet, and the page says so.

export const ENGLISH = {
  title: "Check a publication",
  intro:
    "A publication is a testimony of which some words are left out, with a proof. This page checks the proof on this device. It asks no site, and nothing leaves the device.",
  unchecked: "",
  publication: "The publication",
  policy: "The policy: keys of the log and its witnesses",
  policyHint:
    "Take the policy from the witnesses or from a partner, not from whoever gave you the publication.",
  holds: "The proof holds",
  fails: "Do not rely on this file",
  refused: "It is refused: {reason}.",
  testimony: "Every word below stood, unaltered, in a testimony that was logged for the week {week}.",
  addition: 
    "Every word below stood, unaltered, in an addition to a testimony that was logged for the week {week}.",
  consent: 
    "Every word below stood, unaltered, in a change of consent that was logged for the week {week}.",
  entry: "It is entry {index} of {size} in the log {origin}.",
  seen: "Witnesses who saw that log, last on {day}: {names}.",
  nobody: "The policy asks for no witness: the log's own word is all there is.",
  counts: "Words shown: {words}. Places where something is left out: {gaps}.",
  yes: "Its author said yes to: {use}.",
  no: "Its author said no to: {use}.",
  limits: "What this does not prove",
  true: "That what it says is true.",
  cut: "That nothing that matters was left out, nor how much: the length of what is left out is blurred.",
  who: "Who wrote it.",
  field: "That words after a gap answer the same question as those before it.",
  week: 
    "The week itself: the log's operator wrote it. Who reads all of the log can check it: intake audit publication --url.",
  text: "The text",
  gap: "left out",
};

export type Words = typeof ENGLISH;

export const RUSSIAN: Words = {
  title: "Проверить публикацию",
  intro:
    "Публикация — это свидетельство, из которого убраны некоторые слова, вместе с доказательством. Эта страница проверяет доказательство на этом устройстве. Она не обращается ни к какому сайту, и ничего не покидает устройство.",
  unchecked: "Русский текст этой страницы ещё никто не проверил.",
  publication: "Публикация",
  policy: "Политика: ключи журнала и его свидетелей",
  policyHint:
    "Возьмите политику у свидетелей журнала или у партнёра, а не у того, кто дал вам публикацию.",
  holds: "Доказательство верно",
  fails: "Не полагайтесь на этот файл",
  refused: "Он отклонён: {reason}.",
  testimony: 
    "Каждое слово ниже стояло без изменений в свидетельстве, записанном в журнал за неделю {week}.",
  addition: 
    "Каждое слово ниже стояло без изменений в дополнении к свидетельству, записанном за неделю {week}.",
  consent: 
    "Каждое слово ниже стояло без изменений в изменении согласия, записанном за неделю {week}.",
  entry: "Это запись {index} из {size} в журнале {origin}.",
  seen: "Свидетели, которые видели этот журнал, последний раз {day}: {names}.",
  nobody: "Политика не требует свидетелей: есть только слово самого журнала.",
  counts: "Показано слов: {words}. Мест, где что-то убрано: {gaps}.",
  yes: "Автор сказал «да» на: {use}.",
  no: "Автор сказал «нет» на: {use}.",
  limits: "Чего это не доказывает",
  true: "Что написанное правда.",
  cut: "Что не убрано ничего важного, и сколько убрано: длина пропусков размыта.",
  who: "Кто это написал.",
  field: "Что слова после пропуска отвечают на тот же вопрос, что и слова до него.",
  week: 
    "Саму неделю: её записал оператор журнала. Кто прочтёт весь журнал, может её проверить: intake audit publication --url.",
  text: "Текст",
  gap: "убрано",
};
