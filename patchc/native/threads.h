// How items of work are dealt out to threads: whoever is free takes the next one, and what an item gives depends on
// nothing but its number. A thread may have an `Own` to work in, made of what is given and done away with at the end.

#include <pthread.h>

template <class Given, class Own> struct Turn {
  const Given* given;
  void (*work)(const Given&, long, Own&);
  long count, next;
};

template <class Given, class Own> static void* serve(void* given) {
  Turn<Given, Own>& turn = *(Turn<Given, Own>*)given;
  Own own(*turn.given);
  for (long item; (item = __atomic_fetch_add(&turn.next, 1, __ATOMIC_RELAXED)) < turn.count;)
    turn.work(*turn.given, item, own);
  return 0;
}

template <class Given, class Own>
static void deal_out(const Given& given, void (*work)(const Given&, long, Own&), long count, long threads) {
  Turn<Given, Own> turn = {&given, work, count, 0};
  pthread_t helpers[64];
  long wanted = (threads < count ? threads : count) - 1, hired = 0;
  while (hired < wanted && hired < 64 && !pthread_create(&helpers[hired], 0, serve<Given, Own>, &turn)) hired++;
  serve<Given, Own>(&turn);
  for (long k = 0; k < hired; k++) pthread_join(helpers[k], 0);
}

// Work that needs nothing of its own.
template <class Given> struct Plain {
  const Given* given;
  void (*work)(const Given&, long);
};
struct Nothing {
  template <class Given> explicit Nothing(const Given&) {}
};
template <class Given> static void plainly(const Plain<Given>& plain, long item, Nothing&) { plain.work(*plain.given, item); }

template <class Given> static void deal_out(const Given& given, void (*work)(const Given&, long), long count, long threads) {
  deal_out<Plain<Given>, Nothing>({&given, work}, plainly<Given>, count, threads);
}
