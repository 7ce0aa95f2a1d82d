/*
** What stands between scripts and the holes of Lua 5.1.5: read-only tables, chunks that were compiled elsewhere, names of chunks,
** hashes of strings, patterns without an end. The sources are unmodified: luaconf.h sends their calls here.
*/
#define lua_guard_c
#define LUA_CORE

#include <string.h>

#include "lua.h"

#include "ldebug.h"
#include "ldo.h"
#include "lgc.h"
#include "lmem.h"
#include "lobject.h"
#include "lparser.h"
#include "lstate.h"
#include "lstring.h"
#include "ltable.h"
#include "lundump.h"
#include "lzio.h"

/* The one bit of a table's mark that the collector has no use for, and leaves as it is. */
#define READONLYBIT 7

static void refuse_readonly (lua_State *L, const Table *t) {
  if (testbit(t->marked, READONLYBIT))
    luaG_runerror(L, "Attempt to modify a readonly table");
}

TValue *wakey_set (lua_State *L, Table *t, const TValue *key) {
  refuse_readonly(L, t);
  return luaH_set(L, t, key);
}

TValue *wakey_setnum (lua_State *L, Table *t, int key) {
  refuse_readonly(L, t);
  return luaH_setnum(L, t, key);
}

static TValue *at (lua_State *L, int idx) {
  return idx > 0 ? L->base + (idx - 1) : L->top + idx;
}

int wakey_setmetatable (lua_State *L, int idx) {
  if (ttistable(at(L, idx))) refuse_readonly(L, hvalue(at(L, idx)));
  return lua_setmetatable(L, idx);
}

/* The table at an index of the stack may, or may not, be changed from here on. */
void wakey_readonly (lua_State *L, int idx, int on) {
  Table *t = hvalue(at(L, idx));
  if (on) l_setbit(t->marked, READONLYBIT);
  else resetbit(t->marked, READONLYBIT);
}

int wakey_is_readonly (lua_State *L, int idx) {
  return testbit(hvalue(at(L, idx))->marked, READONLYBIT);
}

/* Pops the top into a global, read-only as they are: what the host gives to a script. */
void wakey_setglobal (lua_State *L, const char *name) {
  Table *t = hvalue(gt(L));
  setobj2t(L, luaH_setstr(L, t, luaS_new(L, name)), L->top - 1);
  luaC_barriert(L, t, L->top - 1);
  L->top--;
}

/* A program is read in pieces, with a look at the clock before each: for some the parser takes time with the square of their length. */
#define PIECE 1024

void wakey_look (lua_State *L);

static const char *next_piece (lua_State *L, void *data, size_t *size) {
  ZIO *z = data;
  const char *piece;
  wakey_look(L);
  if (z->n == 0) {
    if (luaZ_fill(z) == EOZ) return NULL;
    z->n++;
    z->p--;
  }
  *size = z->n < PIECE ? z->n : PIECE;
  piece = z->p;
  z->n -= *size;
  z->p += *size;
  return piece;
}

Proto *wakey_parser (lua_State *L, ZIO *z, Mbuffer *buff, const char *name) {
  Proto *p;
  ZIO pieces;
  luaZ_init(L, &pieces, next_piece, z);
  luaD_checkstack(L, 1);
  setsvalue2s(L, L->top, luaS_new(L, name));
  L->top++;
  p = luaY_parser(L, &pieces, buff, name);
  L->top--;
  return p;
}

/* Bytecode is neither read nor written: whoever makes his own is out of the sandbox. What looks like it is read as a program. */
Proto *luaU_undump (lua_State *L, ZIO *Z, Mbuffer *buff, const char *name) {
  return wakey_parser(L, Z, buff, name);
}

int luaU_dump (lua_State *L, const Proto *f, lua_Writer w, void *data, int strip) {
  (void)L; (void)f; (void)w; (void)data; (void)strip;
  return 1;
}

/*
** Lua 5.1.5 hashes 32 bytes of a string at most. Redis hashes all, so that nobody makes strings of one hash by what is between them,
** and in that order `pairs` comes upon the keys of a table, and cjson and cmsgpack write them.
*/
TString *luaS_newlstr (lua_State *L, const char *str, size_t l) {
  stringtable *tb = &G(L)->strt;
  unsigned int h = cast(unsigned int, l);
  GCObject *o;
  TString *ts;
  size_t i;
  for (i = l; i > 0; i--)
    h ^= (h << 5) + (h >> 2) + cast(unsigned char, str[i - 1]);
  for (o = tb->hash[lmod(h, tb->size)]; o != NULL; o = o->gch.next) {
    ts = rawgco2ts(o);
    if (ts->tsv.len == l && memcmp(str, getstr(ts), l) == 0) {
      if (isdead(G(L), o)) changewhite(o);
      return ts;
    }
  }
  if (l > MAX_SIZET - sizeof(TString) - 1) luaM_toobig(L);
  ts = cast(TString *, luaM_malloc(L, sizeof(TString) + l + 1));
  ts->tsv.len = l;
  ts->tsv.hash = h;
  ts->tsv.marked = luaC_white(G(L));
  ts->tsv.tt = LUA_TSTRING;
  ts->tsv.reserved = 0;
  memcpy(ts + 1, str, l);
  ((char *)(ts + 1))[l] = '\0';
  ts->tsv.next = tb->hash[lmod(h, tb->size)];
  tb->hash[lmod(h, tb->size)] = obj2gco(ts);
  tb->nuse++;
  if (tb->nuse > cast(lu_int32, tb->size) && tb->size <= MAX_INT / 2)
    luaS_resize(L, tb->size * 2);
  return ts;
}

/* Whether a hook may end in a pause: nothing but Lua is between the thread's start and here. */
int wakey_may_yield (lua_State *L) {
  return L->nCcalls == L->baseCcalls;
}

/* A step of matching a pattern. Now and then the interpreter looks at the clock, as it does in the hook (src/lua/mod.rs). */
void wakey_step (lua_State *L) {
  static unsigned steps;
  if (L != NULL && (++steps & 0xffff) == 0) wakey_look(L);
}

#ifdef __wasm__
__asm__(".globaltype __stack_pointer, i32\n");

/* The stack in memory, which whoever catches an error puts back. */
void *wakey_stack_get (void) {
  void *pointer;
  __asm__ volatile("global.get __stack_pointer\nlocal.set %0" : "=r"(pointer));
  return pointer;
}

void wakey_stack_set (void *pointer) {
  __asm__ volatile("local.get %0\nglobal.set __stack_pointer" : : "r"(pointer));
}
#endif
