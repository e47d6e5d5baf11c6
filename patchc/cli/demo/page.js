// One sound plays at a time; the picture is the seek bar.
(() => {
  let playing = null;

  const stop = () => {
    if (!playing) return;
    playing.audio.pause();
    playing.figure.classList.remove("playing");
    playing = null;
  };

  const follow = () => {
    if (!playing) return;
    const { audio, figure } = playing;
    const share = audio.duration ? audio.currentTime / audio.duration : 0;
    figure.querySelectorAll(".head").forEach((head) => { head.style.left = `${share * 100}%`; });
    requestAnimationFrame(follow);
  };

  const play = (figure, share) => {
    stop();
    const audio = new Audio(figure.dataset.sound);
    playing = { audio, figure };
    figure.classList.add("playing");
    audio.addEventListener("ended", stop);
    audio.addEventListener("loadedmetadata", () => { if (share) audio.currentTime = share * audio.duration; });
    audio.play();
    follow();
  };

  document.querySelectorAll(".sound[data-sound]").forEach((figure) => {
    figure.querySelector(".play").addEventListener("click", () => {
      if (playing && playing.figure === figure) stop(); else play(figure, 0);
    });
    figure.querySelectorAll(".picture, .wave").forEach((area) => area.addEventListener("click", (event) => {
      const box = area.getBoundingClientRect();
      play(figure, (event.clientX - box.left) / box.width);
    }));
  });

  const links = [...document.querySelectorAll("nav a")];
  const seen = new IntersectionObserver((entries) => entries.forEach((entry) => {
    if (entry.isIntersecting) links.forEach((link) => link.classList.toggle("here", link.hash === `#${entry.target.id}`));
  }), { rootMargin: "-30% 0px -60% 0px" });
  document.querySelectorAll("section.example").forEach((section) => seen.observe(section));
})();
