/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.web;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Counts the requests that the application began and those it ended. Thread-safe.
 *
 * <p>At level {@code TRACE} it also names each request that carries an {@code X-Request-Id}: what a load test compares
 * with the answers that it received.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
public class RequestLedger extends OncePerRequestFilter {

    private static final Logger log = LoggerFactory.getLogger(RequestLedger.class);
    private static final Pattern LOGGABLE = Pattern.compile("[A-Za-z0-9-]{1,64}");

    private final LongAdder accepted = new LongAdder();
    private final LongAdder answered = new LongAdder();

    /** Created by Spring. */
    public RequestLedger() {}

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String id = request.getHeader("X-Request-Id");
        accepted.increment();
        trace("accepted", id);
        try {
            chain.doFilter(request, response);
        } finally {
            if (request.isAsyncStarted()) {
                request.getAsyncContext().addListener(new AnsweredLater(id));
            } else {
                answered(id);
            }
        }
    }

    /** Returns how many requests reached the application. */
    public long accepted() {
        return accepted.sum();
    }

    /** Returns how many of them ended. */
    public long answered() {
        return answered.sum();
    }

    private void answered(@Nullable String id) {
        answered.increment();
        trace("answered", id);
    }

    private static void trace(String what, @Nullable String id) {
        if (id != null && log.isTraceEnabled() && LOGGABLE.matcher(id).matches()) {
            log.trace("{} {}", what, id);
        }
    }

    private final class AnsweredLater implements AsyncListener {

        private final @Nullable String id;

        AnsweredLater(@Nullable String id) {
            this.id = id;
        }

        @Override
        public void onComplete(AsyncEvent event) {
            answered(id);
        }

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        /** A new asynchronous phase forgets the listeners of the last one. */
        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this);
        }
    }
}
