/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.internal.scheduler;

import dev.weft.clock.TimeSource;
import java.util.function.BooleanSupplier;

/** A scheduler that is nothing but some cores. */
final class LoneHost implements CoreHost {

    private final BooleanSupplier work;
    private final Core[] cores;

    LoneHost(int cores, BooleanSupplier work) {
        this.work = work;
        this.cores = new Core[cores];
        for (int i = 0; i < cores; i++) {
            this.cores[i] = new Core(i, this);
        }
    }

    @Override
    public TimeSource clock() {
        return () -> 0;
    }

    @Override
    public Core[] cores() {
        return cores;
    }

    @Override
    public Core[] working() {
        return cores;
    }

    @Override
    public boolean hasWork() {
        return work.getAsBoolean();
    }

    @Override
    public boolean tryEnter(Core core) {
        return false;
    }

    @Override
    public void exit(Core core) {
    }
}
