/*
 * S of docs/performance.md: what it costs one core to put the messages of a copy of the record into a database with the
 * same schema, row by row, by a plain program in C. Reads SOURCE (a database of the wallet), writes TARGET anew:
 *
 *     inserts SOURCE TARGET MESSAGES_IN_A_TRANSACTION
 *
 * Prints {"messages":N,"seconds":S,"cpuSeconds":C}: the time of the inserts and commits alone, not that of reading.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sqlite3.h"

static void fail(sqlite3 *db, const char *what) {
  fprintf(stderr, "inserts: %s: %s\n", what, db == NULL ? "" : sqlite3_errmsg(db));
  exit(1);
}

static void *need(void *memory) {
  if (memory == NULL) fail(NULL, "no memory");
  return memory;
}

static void run(sqlite3 *db, const char *sql) {
  if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) fail(db, sql);
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql) {
  sqlite3_stmt *statement;
  if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK) fail(db, sql);
  return statement;
}

static int64_t number(sqlite3 *db, const char *sql) {
  sqlite3_stmt *statement = prepare(db, sql);
  if (sqlite3_step(statement) != SQLITE_ROW) fail(db, sql);
  int64_t value = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  return value;
}

static double seconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

typedef struct {
  int64_t message, tag;
} Carried;

typedef struct {
  int64_t id, height, position;
  unsigned char key[32];
  unsigned char *leaf, *data;
  int leafLength, dataLength;
} Message;

/* Tables and indexes as they are in the source, and the rows that messages refer to. */
static void makeTarget(sqlite3 *source, sqlite3 *target) {
  run(target,
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON;"
      "PRAGMA cache_size = -24576; PRAGMA wal_autocheckpoint = 8192;");
  sqlite3_stmt *schema =
      prepare(source, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid");
  while (sqlite3_step(schema) == SQLITE_ROW) run(target, (const char *)sqlite3_column_text(schema, 0));
  sqlite3_finalize(schema);
  run(target, "INSERT INTO ledger (id, ledger_id, founding, endpoint, tree, size, filled) VALUES (1, x'00', x'', '', x'', 0, 0)");
}

static unsigned char *copyOf(sqlite3_stmt *row, int column, int *length) {
  *length = sqlite3_column_bytes(row, column);
  unsigned char *bytes = need(malloc((size_t)*length + 1));
  if (*length > 0) memcpy(bytes, sqlite3_column_blob(row, column), (size_t)*length);
  return bytes;
}

static int readMessages(sqlite3_stmt *all, Message *into, int most) {
  int count = 0;
  while (count < most && sqlite3_step(all) == SQLITE_ROW) {
    Message *message = &into[count++];
    message->id = sqlite3_column_int64(all, 0);
    message->height = sqlite3_column_int64(all, 1);
    message->position = sqlite3_column_int64(all, 2);
    memcpy(message->key, sqlite3_column_blob(all, 3), 32);
    message->leaf = copyOf(all, 4, &message->leafLength);
    message->data = copyOf(all, 5, &message->dataLength);
  }
  return count;
}

static void step(sqlite3 *db, sqlite3_stmt *statement) {
  if (sqlite3_step(statement) != SQLITE_DONE) fail(db, "insert");
  sqlite3_reset(statement);
}

int main(int argc, char **argv) {
  if (argc != 4) fail(NULL, "usage: inserts SOURCE TARGET MESSAGES_IN_A_TRANSACTION");
  sqlite3 *source, *target;
  if (sqlite3_open_v2(argv[1], &source, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) fail(source, argv[1]);
  if (sqlite3_open(argv[2], &target) != SQLITE_OK) fail(target, argv[2]);
  int perTransaction = atoi(argv[3]);
  if (perTransaction < 1) fail(NULL, "MESSAGES_IN_A_TRANSACTION");
  makeTarget(source, target);

  int64_t carriedCount = number(source, "SELECT count(*) FROM tagged");
  Carried *carried = need(malloc(sizeof(Carried) * (size_t)(carriedCount + 1)));
  sqlite3_stmt *links = prepare(source, "SELECT message, tag FROM tagged ORDER BY message, tag");
  for (int64_t i = 0; i < carriedCount && sqlite3_step(links) == SQLITE_ROW; i++) {
    carried[i].message = sqlite3_column_int64(links, 0);
    carried[i].tag = sqlite3_column_int64(links, 1);
  }
  sqlite3_finalize(links);
  int64_t lastTag = number(source, "SELECT coalesce(max(id), 0) FROM tag");
  unsigned char *tags = need(calloc((size_t)lastTag + 1, 32));
  sqlite3_stmt *names = prepare(source, "SELECT id, tag FROM tag");
  while (sqlite3_step(names) == SQLITE_ROW)
    memcpy(tags + 32 * sqlite3_column_int64(names, 0), sqlite3_column_blob(names, 1), 32);
  sqlite3_finalize(names);

  sqlite3_stmt *all =
      prepare(source, "SELECT id, height, position, message_id, leaf, data FROM message ORDER BY id");
  sqlite3_stmt *insert = prepare(
      target, "INSERT INTO message (id, ledger, height, position, message_id, leaf, data) VALUES (?, 1, ?, ?, ?, ?, ?)");
  sqlite3_stmt *insertKey = prepare(target, "INSERT INTO message_key (key, message) VALUES (?, ?)");
  sqlite3_stmt *upsert = prepare(target,
                                 "INSERT INTO tag (ledger, tag, height, total) VALUES (1, ?, ?, 1) ON CONFLICT (ledger, tag)"
                                 " DO UPDATE SET height = excluded.height, total = total + 1 RETURNING id");
  sqlite3_stmt *insertTagged = prepare(target, "INSERT INTO tagged (tag, message) VALUES (?, ?)");
  Message *messages = need(malloc(sizeof(Message) * (size_t)perTransaction));

  double wall = 0, cpu = 0;
  int64_t done = 0, next = 0;
  for (int count = perTransaction; count == perTransaction; done += count) {
    count = readMessages(all, messages, perTransaction);
    double wallBegun = seconds(CLOCK_MONOTONIC), cpuBegun = seconds(CLOCK_PROCESS_CPUTIME_ID);
    run(target, "BEGIN IMMEDIATE");
    for (int i = 0; i < count; i++) {
      Message *message = &messages[i];
      sqlite3_bind_int64(insert, 1, message->id);
      sqlite3_bind_int64(insert, 2, message->height);
      sqlite3_bind_int64(insert, 3, message->position);
      sqlite3_bind_blob(insert, 4, message->key, 32, SQLITE_STATIC);
      sqlite3_bind_blob(insert, 5, message->leaf, message->leafLength, SQLITE_STATIC);
      sqlite3_bind_blob(insert, 6, message->data, message->dataLength, SQLITE_STATIC);
      step(target, insert);
      sqlite3_bind_blob(insertKey, 1, message->key, 8, SQLITE_STATIC);
      sqlite3_bind_int64(insertKey, 2, message->id);
      step(target, insertKey);
      for (; next < carriedCount && carried[next].message == message->id; next++) {
        sqlite3_bind_blob(upsert, 1, tags + 32 * carried[next].tag, 32, SQLITE_STATIC);
        sqlite3_bind_int64(upsert, 2, message->height);
        if (sqlite3_step(upsert) != SQLITE_ROW) fail(target, "upsert");
        int64_t row = sqlite3_column_int64(upsert, 0);
        sqlite3_reset(upsert);
        sqlite3_bind_int64(insertTagged, 1, row);
        sqlite3_bind_int64(insertTagged, 2, message->id);
        step(target, insertTagged);
      }
    }
    run(target, "COMMIT");
    wall += seconds(CLOCK_MONOTONIC) - wallBegun;
    cpu += seconds(CLOCK_PROCESS_CPUTIME_ID) - cpuBegun;
    for (int i = 0; i < count; i++) {
      free(messages[i].leaf);
      free(messages[i].data);
    }
  }
  printf("{\"messages\":%lld,\"seconds\":%.6f,\"cpuSeconds\":%.6f}\n", (long long)done, wall, cpu);
  return next == carriedCount ? 0 : 1;
}
