/** Words whose stop does not end a sentence, without the stop and in lower case. */

/** Something always follows: titles, `e.g.`, `vs.` */
export const NEVER_LAST = new Set(
  (
    'e.g eg i.e ie cf vs viz approx ca dr mr mrs ms prof rev hon gen rep sen gov capt col lt sgt cmdr pres st mt messrs mme ' +
    'det sens reps supt insp adm maj brig cpl pvt dist atty resp incl excl esp aka a.k.a w.r.t wrt i.a op.cit ex'
  ).split(' '),
);

/** Only before a number or a numeral: `No. 5`, `Fig. 3a`, `Jan. 4`. */
export const BEFORE_NUMBER = new Set(
  (
    'no nos nr fig figs eq eqs sec sect ch chap vol vols p pp pg art ver v rev par para tab app ref refs rfc ln col ed ' +
    'jan feb mar apr jun jul aug sep sept oct nov dec'
  ).split(' '),
);

/** May end a sentence: it does when a capital, Hangul or a code span follows, not before a small letter or a mark. */
export const MAY_END = new Set(
  (
    'etc al inc ltd co corp llc plc jr sr bros dept univ est min max avg temp misc ext int orig u.s u.k u.n e.u a.m p.m ' +
    'ph.d b.sc m.sc d.c n.b b.c a.d hr hrs sec secs lib libs org assoc'
  ).split(' '),
);

/** Words that begin a sentence but hardly a surname: they tell `Plan B. The` from `John F. Kennedy`. */
export const STARTERS = new Set(
  (
    'the a an this that these those it its he she we you they i in on at by for from with without when while if then there ' +
    'here however also but and or so as to after before since because although unless once until see use note not no yes ' +
    'all any each every some most many both what which who why how where is are was do does did can could will would ' +
    'should may might must let please first second finally next now thus therefore otherwise'
  ).split(' '),
);
