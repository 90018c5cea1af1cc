/* SPDX-License-Identifier: Apache-2.0 */

//! The shapes of the benchmark groups on Tokio, behind the line protocol that every peer speaks.

mod protocol;
mod scheduler;

pub use protocol::serve;
