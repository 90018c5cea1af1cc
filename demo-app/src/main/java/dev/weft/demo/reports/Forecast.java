/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.reports;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Where a price may stand some days from now: a geometric random walk, played through many times.
 *
 * @param outcomes the final prices, ascending
 */
record Forecast(double[] outcomes) {

    private static final double DAILY_VOLATILITY = 0.012;

    /** Plays it through. CPU work, milliseconds to seconds of it. */
    static Forecast play(double price, int paths, int days, RandomGenerator random) {
        double[] outcomes = new double[paths];
        for (int path = 0; path < paths; path++) {
            double logReturn = 0;
            for (int day = 0; day < days; day++) {
                logReturn += DAILY_VOLATILITY * random.nextGaussian();
            }
            outcomes[path] = price * Math.exp(logReturn);
        }
        Arrays.sort(outcomes);
        return new Forecast(outcomes);
    }

    /** Returns the price that the given share of the outcomes stays below. */
    double quantile(double share) {
        return outcomes[(int) Math.min(outcomes.length - 1, Math.round(share * (outcomes.length - 1)))];
    }

    /** Counts the outcomes in equally wide classes between the 1st and the 99th percentile; the ends take the rest. */
    int[] histogram(int classes) {
        double low = quantile(0.01);
        double width = (quantile(0.99) - low) / classes;
        int[] counts = new int[classes];
        for (double outcome : outcomes) {
            int index = width == 0 ? 0 : (int) Math.floor((outcome - low) / width);
            counts[Math.clamp(index, 0, classes - 1)]++;
        }
        return counts;
    }
}
