/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a logger says while this is open, kept off the console. */
public final class Logs extends Handler implements AutoCloseable {

    private final Logger logger;
    private final Level level;
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    private Logs(Logger logger) {
        this.logger = logger;
        this.level = logger.getLevel();
    }

    public static Logs of(String name) {
        Logs logs = new Logs(Logger.getLogger(name));
        logs.logger.addHandler(logs);
        logs.logger.setUseParentHandlers(false);
        logs.logger.setLevel(Level.ALL);
        return logs;
    }

    public List<LogRecord> records() {
        return records;
    }

    @Override
    public void publish(LogRecord record) {
        records.add(record);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
        logger.setLevel(level);
    }
}
